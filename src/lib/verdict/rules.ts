import type { SignName } from './hit.ts'
import type { KindName } from './kinds.ts'

/** Something that tells a machine from a person. */
export interface Rule {
  readonly name: string
  readonly title: string
  /** Says what was seen and what it means, to somebody who knows web servers. */
  readonly sentence: string
  /** What it speaks for. */
  readonly for: KindName
  /** Points for a machine; what speaks for a person has less than none. */
  readonly weight: number
  /** SQL over the columns of `conduct.sql` and `seen.sql`. */
  readonly test: string
  /** The hits that it is seen in. */
  readonly hits: SignName
}

/** So many points make a machine. */
export const enough = 50

/** A page was asked for, and nothing of what a browser fetches with it, on a site whose pages have such parts. */
const bare = 'site_has_assets AND pages > 0 AND assets = 0'

export const rules: readonly Rule[] = [
  {
    name: 'signed',
    title: 'Signed its requests',
    sentence: 'Its operator’s key signed what it asked for.',
    for: 'signed',
    weight: 250,
    test: "is_bot AND proof = 'signed'",
    hits: 'hits'
  },
  {
    name: 'verified',
    title: 'Known address of a crawler',
    sentence:
      'It says that it is a crawler, and comes from an address that the operator of the crawler publishes.',
    for: 'verified',
    weight: 200,
    test: "is_bot AND proof = 'verified'",
    hits: 'hits'
  },
  {
    name: 'impostor',
    title: 'Not the crawler it says it is',
    sentence:
      'It gives the name of a crawler, and comes from none of the addresses that the crawler’s operator publishes.',
    for: 'impostor',
    weight: 150,
    test: "proof = 'impostor'",
    hits: 'hits'
  },
  {
    name: 'attack',
    title: 'Attacks',
    sentence: 'It asked for what no reader asks for: secrets, back doors, or code to be run.',
    for: 'scanner',
    weight: 150,
    test: 'attacks > 0',
    hits: 'attacks'
  },
  {
    name: 'probe',
    title: 'Looked for products that are not here',
    sentence:
      'It asked for pages of well-known products, was not given them, and loaded nothing that belongs to a page.',
    for: 'scanner',
    weight: 50,
    test: 'probes > 0 AND assets = 0',
    hits: 'probes'
  },
  {
    name: 'neighbor',
    title: 'Its address attacks',
    sentence:
      'Other visitors from the same address attacked on the same day, and this one loaded nothing that belongs to a page.',
    for: 'scanner',
    weight: 50,
    test: 'attacks = 0 AND address_attacks > 0 AND assets = 0',
    hits: 'hits'
  },
  {
    name: 'unreadable',
    title: 'Sent something that is no request',
    sentence: 'The server could not read what it sent.',
    for: 'scanner',
    weight: 50,
    test: 'unreadable > 0 AND assets = 0',
    hits: 'unreadable'
  },
  {
    name: 'method',
    title: 'Unusual methods',
    sentence: 'It used methods that browsers do not use, such as CONNECT, TRACE or PROPFIND.',
    for: 'scanner',
    weight: 50,
    test: 'odd_methods > 0 AND assets = 0',
    hits: 'odd_methods'
  },
  {
    name: 'tool',
    title: 'A scanner by its own name',
    sentence: 'Its agent names a scanner.',
    for: 'scanner',
    weight: 100,
    test: "bot_purpose = 'scanner'",
    hits: 'hits'
  },
  {
    name: 'missing',
    title: 'Asked for what is not here, again and again',
    sentence: 'Nearly all that it asked for was refused or is not here.',
    for: 'scanner',
    weight: 50,
    test: 'refused >= 4 AND refused >= 0.8 * hits AND assets = 0',
    hits: 'refused'
  },
  {
    name: 'search',
    title: 'Tries one address after another',
    sentence: 'Most of the many addresses that it asked for are refused or are not here.',
    for: 'scanner',
    weight: 100,
    test: 'refused >= 20 AND refused >= 0.5 * hits',
    hits: 'refused'
  },
  {
    name: 'blind_post',
    title: 'Sends forms that it did not load',
    sentence: 'It sent data, and loaded nothing that belongs to the page of a form.',
    for: 'spam',
    weight: 30,
    test: 'site_has_assets AND posts > 0 AND assets = 0 AND followed = 0 AND signed_in = 0',
    hits: 'posts'
  },
  {
    name: 'quick_form',
    title: 'Sends forms faster than one types',
    sentence: 'It sent a form 3 seconds or less after it asked for it, and loaded no part of a page.',
    for: 'spam',
    weight: 30,
    test: 'quick_posts > 0 AND assets = 0 AND signed_in = 0',
    hits: 'posts'
  },
  {
    name: 'false_referrer',
    title: 'Comes from pages that it did not open',
    sentence:
      'It says that it comes from pages of this site, which nobody with its address opened on that day. Once is no sign, unless it also sends a form at once.',
    for: 'spam',
    weight: 20,
    test: 'assets = 0 AND signed_in = 0 AND (false_referrers > 1 OR false_referrers > 0 AND quick_posts > 0)',
    hits: 'linked'
  },
  {
    name: 'spammed',
    title: 'On a site that mostly form spam visits',
    sentence:
      'It sent a form at once, or comes from a page that it did not open, here, where most visitors come from pages that they did not open.',
    for: 'spam',
    weight: 50,
    test: 'site_is_spammed AND assets = 0 AND signed_in = 0 AND (quick_posts > 0 OR false_referrers > 0)',
    hits: 'hits'
  },
  {
    name: 'monitor',
    title: 'A monitor by its own name',
    sentence: 'Its agent names a service that watches whether sites answer.',
    for: 'monitor',
    weight: 100,
    test: "is_bot AND bot_purpose = 'monitor'",
    hits: 'hits'
  },
  {
    name: 'library',
    title: 'A program by its own name',
    sentence: 'Its agent names a library or a tool that fetches pages.',
    for: 'library',
    weight: 100,
    test: "is_bot AND bot_purpose = 'library'",
    hits: 'hits'
  },
  {
    name: 'declared',
    title: 'A bot by its own name',
    sentence: 'Its agent says that it is a machine.',
    for: 'declared',
    weight: 100,
    test: "is_bot AND coalesce(bot_purpose, '') NOT IN ('library', 'monitor', 'scanner')",
    hits: 'hits'
  },
  {
    name: 'bare',
    title: 'Pages without their parts',
    sentence: 'It took pages, and no style, script, image or icon that belongs to them.',
    for: 'detected',
    weight: 25,
    test: bare,
    hits: 'pages'
  },
  {
    name: 'unreferred',
    title: 'Came from nowhere',
    sentence: 'It followed no link to the pages it took, and loaded none of their parts.',
    for: 'detected',
    weight: 10,
    test: `${bare} AND linked = 0`,
    hits: 'pages'
  },
  {
    name: 'nothing_found',
    title: 'Got nothing',
    sentence: 'It got no page and no part of one: all that it asked for was refused or is not here.',
    for: 'detected',
    weight: 30,
    test: 'pages = 0 AND assets = 0 AND failed = hits AND linked = 0',
    hits: 'failed'
  },
  {
    name: 'crowd',
    title: 'On a site that more scanners visit than people',
    sentence:
      'It loaded no part of a page, here, where more visitors look for weaknesses than load pages with their parts.',
    for: 'detected',
    weight: 20,
    test: 'site_is_crowded AND assets = 0 AND (linked = 0 OR is_hosting)',
    hits: 'hits'
  },
  {
    name: 'robots',
    title: 'Read robots.txt',
    sentence: 'It read what crawlers are told.',
    for: 'detected',
    weight: 25,
    test: 'told > 0',
    hits: 'told'
  },
  {
    name: 'heads',
    title: 'Only asked whether pages are there',
    sentence: 'It asked for nothing but the heads of pages.',
    for: 'detected',
    weight: 50,
    test: 'heads = hits',
    hits: 'heads'
  },
  {
    name: 'sweep',
    title: 'Many pages, each once',
    sentence: 'It took many pages, none of them twice, and no part of them.',
    for: 'detected',
    weight: 25,
    test: `${bare} AND pages >= 15 AND paths >= 0.9 * pages`,
    hits: 'pages'
  },
  {
    name: 'fast',
    title: 'Faster than one reads',
    sentence: 'It took more than twenty pages a minute.',
    for: 'detected',
    weight: 30,
    test: 'pages >= 20 AND pages > length / 3000.0',
    hits: 'pages'
  },
  {
    name: 'protocols',
    title: 'Changes its protocol',
    sentence:
      'It asked by HTTP/1.0 and by a later version, and loaded no part of a page. No browser does so.',
    for: 'detected',
    weight: 25,
    test: 'old_protocol > 0 AND old_protocol < hits AND assets = 0',
    hits: 'old_protocol'
  },
  {
    name: 'old_browser',
    title: 'A browser that nobody has any more',
    sentence:
      'Its agent names a version of a browser that was three years old or more, though such browsers renew themselves.',
    for: 'detected',
    weight: 13,
    test: 'browser_age > 1095',
    hits: 'hits'
  },
  {
    name: 'impossible',
    title: 'A browser that never was',
    sentence:
      'Its agent names a version of a browser that was not out on that day, or parts that no browser has together.',
    for: 'detected',
    weight: 35,
    test: 'browser_age < -120 OR is_impossible',
    hits: 'hits'
  },
  {
    name: 'hosting',
    title: 'Comes from a data center',
    sentence:
      'Its network belongs to a company that rents servers out, where programs run and few people are.',
    for: 'detected',
    weight: 12,
    test: 'is_hosting',
    hits: 'hits'
  },
  {
    name: 'loaded',
    title: 'Loads what pages need',
    sentence: 'It took pages and the styles, scripts and images that belong to them.',
    for: 'person',
    weight: -45,
    test: 'pages > 0 AND assets >= 2',
    hits: 'assets'
  },
  {
    name: 'followed',
    title: 'Follows links',
    sentence: 'It went from page to page by links of this site.',
    for: 'person',
    weight: -20,
    test: 'followed > false_referrers AND NOT (pages >= 15 AND assets = 0)',
    hits: 'followed'
  },
  {
    name: 'signed_in',
    title: 'Signed in',
    sentence: 'The server knew its user.',
    for: 'person',
    weight: -50,
    test: 'signed_in > 0',
    hits: 'signed_in'
  }
]
