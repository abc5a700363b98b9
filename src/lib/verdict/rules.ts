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
    title: 'Signed requests',
    sentence: 'Its requests have a valid signature of the bot’s operator.',
    for: 'signed',
    weight: 250,
    test: "is_bot AND proof = 'signed'",
    hits: 'hits'
  },
  {
    name: 'verified',
    title: 'Verified crawler',
    sentence: 'Its user agent names a crawler, and the operator publishes this address.',
    for: 'verified',
    weight: 200,
    test: "is_bot AND proof = 'verified'",
    hits: 'hits'
  },
  {
    name: 'impostor',
    title: 'Pretends to be a crawler',
    sentence: 'Its user agent names a crawler, but the operator doesn’t use this address.',
    for: 'impostor',
    weight: 150,
    test: "proof = 'impostor'",
    hits: 'hits'
  },
  {
    name: 'attack',
    title: 'Attacks',
    sentence: 'It requested secret files or back doors, or tried to run code.',
    for: 'scanner',
    weight: 150,
    test: 'attacks > 0',
    hits: 'attacks'
  },
  {
    name: 'probe',
    title: 'Probes for software',
    sentence: 'It looked for well-known software that this site doesn’t have, and loaded no assets.',
    for: 'scanner',
    weight: 50,
    test: 'probes > 0 AND assets = 0',
    hits: 'probes'
  },
  {
    name: 'neighbor',
    title: 'Shares an attacker’s address',
    sentence: 'Other visitors from its address attacked on the same day, and it loaded no assets.',
    for: 'scanner',
    weight: 50,
    test: 'attacks = 0 AND address_attacks > 0 AND assets = 0',
    hits: 'hits'
  },
  {
    name: 'unreadable',
    title: 'Unreadable requests',
    sentence: 'The server couldn’t read its requests, and it loaded no assets.',
    for: 'scanner',
    weight: 50,
    test: 'unreadable > 0 AND assets = 0',
    hits: 'unreadable'
  },
  {
    name: 'method',
    title: 'Unusual methods',
    sentence: 'It used methods that browsers don’t use, such as CONNECT, TRACE or PROPFIND.',
    for: 'scanner',
    weight: 50,
    test: 'odd_methods > 0 AND assets = 0',
    hits: 'odd_methods'
  },
  {
    name: 'tool',
    title: 'Scanner by user agent',
    sentence: 'Its user agent names a scanner.',
    for: 'scanner',
    weight: 100,
    test: "bot_purpose = 'scanner'",
    hits: 'hits'
  },
  {
    name: 'missing',
    title: 'Mostly failed requests',
    sentence: 'At least 80% of its requests were refused or not found, and it loaded no assets.',
    for: 'scanner',
    weight: 50,
    test: 'refused >= 4 AND refused >= 0.8 * hits AND assets = 0',
    hits: 'refused'
  },
  {
    name: 'search',
    title: 'Tries many URLs',
    sentence: 'At least 20 of its requests, and half of all, were refused or not found.',
    for: 'scanner',
    weight: 100,
    test: 'refused >= 20 AND refused >= 0.5 * hits',
    hits: 'refused'
  },
  {
    name: 'blind_post',
    title: 'Forms without their page',
    sentence: 'It sent data but loaded no assets of the form’s page.',
    for: 'spam',
    weight: 30,
    test: 'site_has_assets AND posts > 0 AND assets = 0 AND followed = 0 AND signed_in = 0',
    hits: 'posts'
  },
  {
    name: 'quick_form',
    title: 'Forms sent too fast',
    sentence: 'It sent a form within 3 seconds of requesting it, and loaded no assets.',
    for: 'spam',
    weight: 30,
    test: 'quick_posts > 0 AND assets = 0 AND signed_in = 0',
    hits: 'posts'
  },
  {
    name: 'false_referrer',
    title: 'False referrers',
    sentence:
      'Its referrers are pages of this site that nobody opened from its address on that day. One false referrer counts only with a form that was sent too fast.',
    for: 'spam',
    weight: 20,
    test: 'assets = 0 AND signed_in = 0 AND (false_referrers > 1 OR false_referrers > 0 AND quick_posts > 0)',
    hits: 'linked'
  },
  {
    name: 'spammed',
    title: 'On a site with mostly form spam',
    sentence:
      'It sent a form too fast or has a false referrer, on a site where most visitors have false referrers.',
    for: 'spam',
    weight: 50,
    test: 'site_is_spammed AND assets = 0 AND signed_in = 0 AND (quick_posts > 0 OR false_referrers > 0)',
    hits: 'hits'
  },
  {
    name: 'monitor',
    title: 'Monitor by user agent',
    sentence: 'Its user agent names an uptime monitor.',
    for: 'monitor',
    weight: 100,
    test: "is_bot AND bot_purpose = 'monitor'",
    hits: 'hits'
  },
  {
    name: 'library',
    title: 'Library by user agent',
    sentence: 'Its user agent names a library or a download tool.',
    for: 'library',
    weight: 100,
    test: "is_bot AND bot_purpose = 'library'",
    hits: 'hits'
  },
  {
    name: 'declared',
    title: 'Bot by user agent',
    sentence: 'Its user agent says that it is a bot.',
    for: 'declared',
    weight: 100,
    test: "is_bot AND coalesce(bot_purpose, '') NOT IN ('library', 'monitor', 'scanner')",
    hits: 'hits'
  },
  {
    name: 'bare',
    title: 'Pages without assets',
    sentence: 'It loaded pages, but none of their styles, scripts, images or icons.',
    for: 'detected',
    weight: 25,
    test: bare,
    hits: 'pages'
  },
  {
    name: 'unreferred',
    title: 'No referrers',
    sentence: 'It loaded pages without referrers and without assets.',
    for: 'detected',
    weight: 10,
    test: `${bare} AND linked = 0`,
    hits: 'pages'
  },
  {
    name: 'nothing_found',
    title: 'Only failed requests',
    sentence: 'All its requests failed, and none had a referrer.',
    for: 'detected',
    weight: 30,
    test: 'pages = 0 AND assets = 0 AND failed = hits AND linked = 0',
    hits: 'failed'
  },
  {
    name: 'crowd',
    title: 'On a site with mostly scanners',
    sentence:
      'It loaded no assets, on a site where more visitors look for weaknesses than load pages with assets.',
    for: 'detected',
    weight: 20,
    test: 'site_is_crowded AND assets = 0 AND (linked = 0 OR is_hosting)',
    hits: 'hits'
  },
  {
    name: 'robots',
    title: 'Read robots.txt',
    sentence: 'It requested robots.txt.',
    for: 'detected',
    weight: 25,
    test: 'told > 0',
    hits: 'told'
  },
  {
    name: 'heads',
    title: 'Only HEAD requests',
    sentence: 'All its requests have the method HEAD.',
    for: 'detected',
    weight: 50,
    test: 'heads = hits',
    hits: 'heads'
  },
  {
    name: 'sweep',
    title: 'Many pages, each once',
    sentence: 'It loaded 15 or more pages, almost none of them twice, and no assets.',
    for: 'detected',
    weight: 25,
    test: `${bare} AND pages >= 15 AND paths >= 0.9 * pages`,
    hits: 'pages'
  },
  {
    name: 'fast',
    title: 'Too fast for a reader',
    sentence: 'It loaded more than 20 pages a minute.',
    for: 'detected',
    weight: 30,
    test: 'pages >= 20 AND pages > length / 3000.0',
    hits: 'pages'
  },
  {
    name: 'protocols',
    title: 'Mixed HTTP versions',
    sentence: 'It used HTTP/1.0 and a later version, and loaded no assets. No browser does that.',
    for: 'detected',
    weight: 25,
    test: 'old_protocol > 0 AND old_protocol < hits AND assets = 0',
    hits: 'old_protocol'
  },
  {
    name: 'old_browser',
    title: 'Outdated browser',
    sentence: 'Its browser version was three or more years old, although such browsers update themselves.',
    for: 'detected',
    weight: 13,
    test: 'browser_age > 1095',
    hits: 'hits'
  },
  {
    name: 'impossible',
    title: 'Impossible browser',
    sentence:
      'Its user agent names a browser version that wasn’t released yet, or parts that no browser combines.',
    for: 'detected',
    weight: 35,
    test: 'browser_age < -120 OR is_impossible',
    hits: 'hits'
  },
  {
    name: 'hosting',
    title: 'Data center',
    sentence: 'Its network belongs to a hosting company. Few people browse from there.',
    for: 'detected',
    weight: 12,
    test: 'is_hosting',
    hits: 'hits'
  },
  {
    name: 'loaded',
    title: 'Loaded assets',
    sentence: 'It loaded pages with their styles, scripts and images.',
    for: 'person',
    weight: -45,
    test: 'pages > 0 AND assets >= 2',
    hits: 'assets'
  },
  {
    name: 'followed',
    title: 'Followed links',
    sentence: 'It followed links from page to page on this site.',
    for: 'person',
    weight: -20,
    test: 'followed > false_referrers AND NOT (pages >= 15 AND assets = 0)',
    hits: 'followed'
  },
  {
    name: 'signed_in',
    title: 'Signed in',
    sentence: 'The server logged its user name.',
    for: 'person',
    weight: -50,
    test: 'signed_in > 0',
    hits: 'signed_in'
  }
]
