import { isFields, type Fields } from '../fields.ts'
import { namesOf } from './looks.ts'
import { piecesOf, separatorOf, type Value } from './pieces.ts'
import { formatOfProgram } from './programs.ts'

/**
 * A format that may read a line, by what its values look like: nginx's `log_format`, or a regular expression where
 * spaces align the line or stand in a value. For a record of JSON it is a mapping of columns. Null if no request is
 * found in it. It is a proposal for somebody who sees what it makes of the line.
 */
export function guessFormat(written: string | Fields): string | null {
  return typeof written === 'string'
    ? (formatOfProgram(written) ?? guessLine(written))
    : guessMapping(written)
}

function guessLine(line: string): string | null {
  const separator = separatorOf(line)
  const pieces = piecesOf(line, separator)
  const values = pieces.filter((piece) => 'value' in piece)
  const names = namesOf(values.map(({ value, key = '' }) => ({ value, key })))
  if (names === null) return null
  const named = pieces.map((piece) =>
    'text' in piece ? piece : { ...piece, name: names[values.indexOf(piece)]! }
  )
  if (!named.some((piece, i) => needsExpression(piece, named[i + 1]))) return inLogFormat(named)
  return inExpression(named, separator)
}

type Named = { text: string } | (Value & { name: string })

/** Spaces that a value of `log_format` may have. */
const spacesOf: Readonly<Record<string, number>> = { time_local: 1, request: 2 }

/** Whether spaces align the line, or a value holds what stands behind it, where `log_format` would end it. */
function needsExpression(piece: Named, next: Named | undefined): boolean {
  if ('text' in piece) return /[^\S\t]{2}/.test(piece.text)
  if (piece.around === 'quotes' || next === undefined || !('text' in next)) return false
  const spaces = piece.value.split(' ').length - 1
  return piece.value.includes(next.text) && (next.text !== ' ' || spaces !== spacesOf[piece.name])
}

function inLogFormat(pieces: readonly Named[]): string {
  const spelled = pieces.map((piece, i) => {
    if ('text' in piece) return piece.text
    const next = pieces[i + 1]
    return next && 'text' in next && /^\w/.test(next.text) ? `\${${piece.name}}` : `$${piece.name}`
  })
  return spelled.join('')
}

function inExpression(pieces: readonly Named[], separator: string): string {
  const spelled = pieces.map((piece, i) => {
    if ('text' in piece) return escaped(piece.text).replace(/ +/g, String.raw`\s+`)
    const isLast = i === pieces.length - 1
    return `(?<${piece.name}>${isLast && piece.around === 'column' ? '.*' : pattern(piece, separator)})`
  })
  return `^${spelled.join('')}`
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)

function pattern({ value, around, name }: Value & { name: string }, separator: string): string {
  if (name === 'status') return String.raw`[1-5]\d\d`
  if (around === 'quotes') return String.raw`(?:[^"\\]|\\.)*`
  if (around === 'brackets') return String.raw`[^\]]*`
  if (around === 'column')
    return value.includes(separator) ? String.raw`(?:[^(${separator}]|\([^)]*\))*?` : `[^${separator}]*?`
  if (name === 'http_user_agent') return '.*'
  if (value.includes(' ')) return alike(value)
  return separator === '' ? String.raw`\S+` : String.raw`[^\s${separator}]*`
}

/** What has digits, letters and signs where a time has them. */
const alike = (time: string) =>
  escaped(time)
    .replace(/\d+/g, String.raw`\d+`)
    .replace(/[A-Za-z]{3}/g, '[A-Za-z]{3}')
    .replace(/(?:\\\+|-)(?=\\d\+(?::\\d\+)?$)/, '[+-]')

const columns: Readonly<Record<string, string>> = {
  time: 'time',
  time_local: 'time',
  time_iso8601: 'time',
  msec: 'time',
  remote_addr: 'ip',
  request_uri: 'path',
  request_method: 'method',
  request: 'request',
  status: 'status',
  http_user_agent: 'user_agent',
  http_referer: 'referrer',
  server_protocol: 'protocol',
  host: 'host',
  request_id: 'request_id'
}

/** A mapping of columns to keys, by the values of a record. */
function guessMapping(record: Fields): string | null {
  const found = leavesOf(record, '')
  const names = namesOf(found.map(({ value, key }) => ({ value, key: key.slice(key.lastIndexOf('.') + 1) })))
  if (names === null) return null
  const mapping = new Map<string, string>()
  for (const [i, name] of names.entries()) {
    const column = columns[name]
    if (column !== undefined && !mapping.has(column)) mapping.set(column, found[i]!.key)
  }
  return JSON.stringify(Object.fromEntries(mapping))
}

function leavesOf(record: Fields, path: string): { key: string; value: string }[] {
  return Object.entries(record).flatMap(([key, value]) => {
    if (isFields(value)) return leavesOf(value, `${path}${key}.`)
    return typeof value === 'string' || typeof value === 'number'
      ? [{ key: path + key, value: String(value) }]
      : []
  })
}
