/** A column of `seen.sql`, which has a row for each visitor of a day, as an owner's rule reads it. */
export interface SeenColumn {
  readonly name: string
  readonly type: 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'TIMESTAMP' | 'VARCHAR'
  /** What it holds, to somebody who writes a rule. */
  readonly title: string
}

const number = (name: string, title: string): SeenColumn => ({ name, type: 'BIGINT', title })
const flag = (name: string, title: string): SeenColumn => ({ name, type: 'BOOLEAN', title })
const text = (name: string, title: string): SeenColumn => ({ name, type: 'VARCHAR', title })

export const seenColumns: readonly SeenColumn[] = [
  number('hits', 'requests'),
  number('pages', 'page views'),
  number('paths', 'different pages'),
  number('assets', 'styles, scripts, images and other parts of pages that it loaded'),
  number('posts', 'POST requests'),
  number('quick_posts', 'POST requests 3 seconds or less after it asked for the same path; 0 with assets'),
  number('heads', 'HEAD requests'),
  number('odd_methods', 'requests with a method that browsers do not use'),
  number('refused', 'requests refused with 4xx, without assets, 401, 408, 429 and 499'),
  number('failed', 'requests with a status of 400 or more'),
  number('attacks', 'requests for secrets, back doors or code to run, without an answer'),
  number('probes', 'requests for well-known products, without an answer'),
  number('unreadable', 'requests that the server could not read'),
  number('told', 'requests for robots.txt and sitemaps'),
  number('followed', 'page views by a link of this site'),
  number('linked', 'requests with a referrer'),
  number(
    'false_referrers',
    'requests from a page of this site that its address did not ask for; 0 with assets'
  ),
  number('old_protocol', 'requests with HTTP/1.0'),
  number('signed_in', 'requests of a user whom the server knew'),
  number('address_attacks', 'attacks of all visitors with its address on this day'),
  { name: 'first', type: 'TIMESTAMP', title: 'time of its first request, in UTC' },
  number('length', 'milliseconds from its first to its last request'),
  text('agent', 'user agent; NULL if it sent none'),
  text('address', 'IP address'),
  text('asn', 'number of its network, as text'),
  text('bot_purpose', 'purposes of a bot, joined by a comma'),
  text('proof', 'signed, verified or impostor; NULL if nothing tells'),
  { name: 'browser_age', type: 'DOUBLE', title: 'days since its browser came out' },
  flag('is_bot', 'its agent says that it is a bot'),
  flag('is_hosting', 'its network rents servers out'),
  flag('is_impossible', 'no browser has ever sent its agent'),
  flag('site_has_assets', 'the log of the site has the parts of pages'),
  flag('site_is_crowded', 'more visitors attack the site than load pages'),
  flag('site_is_spammed', 'most visitors of the site come from pages that they did not open')
]

/** A value of each column, of which the engine learns its type. */
const examples: Readonly<Record<SeenColumn['type'], string>> = {
  BIGINT: '1',
  DOUBLE: '1',
  BOOLEAN: 'true',
  TIMESTAMP: 'epoch_ms(0)',
  VARCHAR: "'1'"
}

/** SQL of one row with all columns. */
export const seenExample = `SELECT ${seenColumns
  .map(({ name, type }) => `CAST(${examples[type]} AS ${type}) AS ${name}`)
  .join(', ')} FROM range(1)`
