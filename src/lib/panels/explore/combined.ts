import { plain } from './cell.ts'
import type { Line } from './log.ts'

/** What the combined log format tells, in its order. */
export const combinedFields = [
  'ip',
  'remote_user',
  'method',
  'path',
  'query',
  'protocol',
  'status',
  'bytes',
  'referrer',
  'user_agent'
] as const

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (number: number) => String(number).padStart(2, '0')

/** As nginx writes it: what would end the field is escaped. */
const quoted = (text: string) =>
  `"${text.replace(/["\\\p{Cc}]/gu, (character) => `\\x${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)}"`

/** A line as the combined log format has it, in UTC; the message of a line of an error log. */
export function combined({ time, is_request, message, cells }: Line): string {
  if (!is_request) return message ?? ''
  const value = (field: (typeof combinedFields)[number]) => {
    const cell = cells[combinedFields.indexOf(field)] ?? null
    return cell === null ? null : plain(cell)
  }
  const at = new Date(time)
  const query = value('query')
  const target = (value('path') ?? '-') + (query === null ? '' : `?${query}`)
  const request = [value('method') ?? '-', target, value('protocol') ?? ''].join(' ').trim()
  return [
    value('ip') ?? '-',
    '-',
    value('remote_user') ?? '-',
    `[${two(at.getUTCDate())}/${months[at.getUTCMonth()]}/${at.getUTCFullYear()}:${at.toISOString().slice(11, 19)} +0000]`,
    quoted(request),
    value('status') ?? '-',
    value('bytes') ?? '-',
    quoted(value('referrer') ?? '-'),
    quoted(value('user_agent') ?? '-')
  ].join(' ')
}
