import type { Operator } from './filter.ts'
import type { Dimension } from './dimension.ts'

/** A column that people group and filter by, as they call it. */
export interface Field {
  readonly name: Dimension
  readonly title: string
  readonly group: string
  /** What its values are like, where nobody would guess. */
  readonly example?: string
}

const group = (title: string, fields: readonly (readonly [Dimension, string, example?: string])[]): Field[] =>
  fields.map(([name, text, example]) => ({ name, title: text, group: title, example }))

/** Every dimension there is, most asked first. */
export const fields: readonly Field[] = [
  ...group('Request', [
    ['path', 'Path', '/about'],
    ['query', 'Query', 'page=2'],
    ['host', 'Host', 'example.org'],
    ['method', 'Method', 'GET'],
    ['scheme', 'Scheme', 'https'],
    ['protocol', 'Protocol', 'HTTP/2.0'],
    ['is_asset', 'Is an asset', 'true'],
    ['request_id', 'Request ID']
  ]),
  ...group('Answer', [
    ['status', 'Status', '404'],
    ['bytes', 'Bytes sent', '1000000'],
    ['request_bytes', 'Bytes received', '1000000'],
    ['duration', 'Duration, ms', '500'],
    ['upstream_status', 'Upstream status', '502'],
    ['upstream_duration', 'Upstream duration, ms', '500'],
    ['cache_status', 'Cache status', 'HIT']
  ]),
  ...group('Source', [
    ['referrer_domain', 'Referrer', 'example.org'],
    ['referrer_kind', 'Kind of source', 'search'],
    ['referrer', 'Referring address', 'https://example.org/page']
  ]),
  ...group('Visit', [
    ['entry_page', 'Entry page', '/about'],
    ['exit_page', 'Exit page', '/about'],
    ['visit_source', 'Visit source', 'example.org'],
    ['visit_source_kind', 'Kind of visit source', 'search'],
    ['utm_source', 'UTM source', 'newsletter'],
    ['utm_medium', 'UTM medium', 'email'],
    ['utm_campaign', 'UTM campaign', 'spring']
  ]),
  ...group('Place', [
    ['country', 'Country', 'NL'],
    ['region', 'Region'],
    ['city', 'City'],
    ['as_org', 'Network'],
    ['asn', 'Network number', '13335'],
    ['ip', 'Address', '203.0.113.7'],
    ['client_name', 'Host name', 'pool-7.example.net']
  ]),
  ...group('Client', [
    ['browser', 'Browser', 'Firefox'],
    ['browser_version', 'Browser version', '131'],
    ['os', 'System', 'Linux'],
    ['os_version', 'System version'],
    ['device', 'Device', 'phone'],
    ['user_agent', 'User agent', 'Mozilla/5.0'],
    ['visitor', 'Visitor'],
    ['remote_user', 'User']
  ]),
  ...group('Bot', [
    ['verdict', 'Verdict', 'person'],
    ['bot_name', 'Bot', 'Googlebot'],
    ['bot_purpose', 'Purpose of the bot', 'search'],
    ['bot_proof', 'Identity of the bot', 'verified'],
    ['is_bot', 'Is a bot', 'true']
  ]),
  ...group('Time', [
    ['weekday', 'Weekday', '1'],
    ['hour', 'Hour', '13'],
    ['weekday_hour', 'Hour of the week', '113']
  ]),
  ...group('Log', [
    ['server', 'Server'],
    ['kind', 'Kind of line', 'request'],
    ['message', 'Message'],
    ['extra', 'Other fields, as JSON'],
    ['shape', 'Format'],
    ['token', 'Token'],
    ['flags', 'Repaired']
  ])
]

/** One filters by it, and groups by no such thing. */
export const anywhere: Field = {
  name: 'line',
  title: 'Anywhere in the line',
  group: 'Line',
  example: '"GET /login'
}

export const operatorNames: Record<Operator, string> = {
  is: 'is',
  not: 'is not',
  has: 'contains',
  hasnt: 'does not contain',
  re: 'matches',
  nre: 'does not match',
  gt: 'is over',
  lt: 'is under',
  ge: 'is at least',
  le: 'is at most',
  cidr: 'is in network',
  ncidr: 'is not in network',
  set: 'is known',
  unset: 'is missing'
}
