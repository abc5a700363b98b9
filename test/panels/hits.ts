import type { Bound } from '../../src/lib/engine/connection.ts'
import type { randomOf } from '../device/site.ts'

/** Of a hit what comes in few values, each with some that have none; a test adds who, when and how much. */
export const columnsOf = (random: ReturnType<typeof randomOf>): Record<string, Bound> => ({
  kind: random.pick(['request', 'request', 'request', 'error']),
  host: 'example.org',
  status: random.pick([200, 200, 301, 404, 500, null]),
  referrer_domain: random.pick([null, 'example.com', 'example.net']),
  query: random.pick([null, 'utm_source=a&utm_medium=b%20c', 'x=1&utm_source=d']),
  referrer: random.pick([null, 'https://example.com/from']),
  remote_user: random.pick([null, null, 'ann']),
  city: random.pick([null, 'Delft']),
  referrer_kind: random.pick(['direct', 'link', 'search', 'internal']),
  browser: random.pick([null, 'Firefox', 'Chrome']),
  os: random.pick([null, 'Linux', 'Windows']),
  device: random.pick(['desktop', 'phone']),
  bot_name: random.pick([null, 'Googlebot']),
  bot_purpose: random.pick([null, 'search, ai_training', 'ai_training']),
  is_asset: random.below(3) === 0,
  country: random.pick([null, 'NL', 'DE', 'FR'])
})
