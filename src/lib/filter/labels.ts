import { visible } from '#lib/format/visible.ts'
import type { Dimension } from './dimension.ts'
import { isMember, keyOf } from './member.ts'
import { anywhere, fields } from './fields.ts'

const statuses: Record<number, string> = {
  100: 'Continue',
  101: 'Switching protocols',
  103: 'Early hints',
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No content',
  203: 'Non-authoritative',
  205: 'Reset',
  206: 'Partial',
  207: 'Multi-status',
  208: 'Already reported',
  300: 'Multiple choices',
  301: 'Moved',
  302: 'Found',
  303: 'See other',
  304: 'Not modified',
  307: 'Temporary redirect',
  308: 'Permanent redirect',
  400: 'Bad request',
  401: 'Unauthorized',
  402: 'Payment required',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  407: 'Proxy sign-in required',
  408: 'Request timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length required',
  412: 'Precondition failed',
  413: 'Too large',
  414: 'URL too long',
  415: 'Unsupported type',
  416: 'Range not satisfiable',
  417: 'Expectation failed',
  418: 'Teapot',
  421: 'Wrong server',
  422: 'Unprocessable',
  423: 'Locked',
  424: 'Failed dependency',
  425: 'Too early',
  426: 'Upgrade required',
  428: 'Precondition required',
  429: 'Too many requests',
  431: 'Headers too large',
  444: 'Closed without answer',
  451: 'Blocked for legal reasons',
  460: 'Client closed',
  494: 'Headers too large',
  495: 'Invalid client certificate',
  496: 'No client certificate',
  497: 'HTTP sent to HTTPS',
  499: 'Client closed',
  500: 'Server error',
  501: 'Not implemented',
  502: 'Bad gateway',
  503: 'Unavailable',
  504: 'Gateway timeout',
  505: 'HTTP version not supported',
  506: 'Negotiation failed',
  507: 'Out of storage',
  508: 'Loop',
  510: 'Not extended',
  511: 'Network sign-in required',
  520: 'Origin: unknown error',
  521: 'Origin refused',
  522: 'Origin timed out',
  523: 'Origin not found',
  524: 'Origin too slow',
  525: 'TLS handshake failed',
  526: 'Invalid origin certificate',
  527: 'Railgun error',
  530: 'Origin name error',
  561: 'Sign-in failed'
}

/** As the clock counts them, from 1. */
export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })

/** `lead` comes first and small or bold: a country's code, a status. */
export interface Label {
  lead?: string
  /** Told of it in passing, small and last. */
  aside?: string
  text: string
}

/** Fields whose values are words of our own. */
const coded: ReadonlySet<string> = new Set(['bot_purpose', 'bot_proof', 'device', 'verdict'])

const initials = new Set(['ai', 'seo', 'tv'])

/** `Search, AI training` for `search, ai_training`. */
const spelledAll = (codes: string) => codes.split(', ').map(spelled).join(', ')

function spelled(code: string) {
  if (code === 'ai_user') return 'AI agent'
  const words = code
    .split('_')
    .map((word) => (initials.has(word) ? word.toUpperCase() : word))
    .join(' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** A value of a query as people read it. */
function decoded(text: string) {
  try {
    return visible(decodeURIComponent(text.replaceAll('+', ' ')))
  } catch {
    return text
  }
}

export function labelOf(field: Dimension, value: string | number): Label {
  const text = visible(String(value))
  if (field === 'status') return { lead: text, text: statuses[Number(value)] ?? '' }
  if (field === 'country' && /^[A-Z]{2}$/.test(text)) return { lead: text, text: regions.of(text) ?? text }
  if (field === 'weekday') return { text: weekdays[Number(value) - 1] ?? text }
  if (field === 'hour') return { text: `${text.padStart(2, '0')}:00` }
  if (field.startsWith('utm_')) return { text: decoded(text) }
  if (coded.has(field)) return { text: spelledAll(text) }
  const [, weekday, hour] = (field === 'weekday_hour' && /^([1-7])(\d\d)$/.exec(text)) || []
  if (weekday) return { text: `${weekdays[Number(weekday) - 1]} ${hour}:00` }
  return { text }
}

const missing: Partial<Record<Dimension, string>> = {
  path: 'No path',
  entry_page: 'No path',
  exit_page: 'No path',
  referrer_domain: 'Direct or none',
  referrer_kind: 'Unreadable',
  visit_source: 'Direct or none',
  visit_source_kind: 'Unreadable',
  utm_source: 'None',
  utm_medium: 'None',
  utm_campaign: 'None',
  status: 'No status',
  method: 'No method',
  bot_name: 'Not a bot',
  bot_purpose: 'Not a bot',
  bot_proof: 'Not checked',
  remote_user: 'Nobody'
}

/** What the absence of a value means. */
export const missingOf = (field: Dimension) => missing[field] ?? 'Unknown'

/** Green answers, blue redirects, amber refusals, red failures. */
export const statusColor = (status: number) =>
  `var(--status-${Math.min(5, Math.max(2, Math.floor(status / 100)))}xx)`

const titles = new Map([anywhere, ...fields].map(({ name, title }) => [name, title]))

export const nameOf = (field: Dimension) => {
  if (isMember(field)) return visible(keyOf(field))
  const words = field.replaceAll('_', ' ')
  return titles.get(field) ?? words.charAt(0).toUpperCase() + words.slice(1)
}
