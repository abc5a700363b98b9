import { FormatError, type Part } from './template.ts'

/** What `names.ts` calls the specifiers of GoAccess. */
const fields: Record<string, string | null> = {
  x: 'time',
  t: 'clock',
  d: 'date',
  v: 'server_name',
  e: 'remote_user',
  C: 'cache_status',
  h: 'remote_addr',
  r: 'request',
  m: 'method',
  U: 'path',
  q: 'query',
  H: 'protocol',
  s: 'status',
  b: 'bytes',
  R: 'referrer',
  u: 'user_agent',
  K: 'ssl_protocol',
  k: 'ssl_cipher',
  M: 'content_type',
  D: 'duration_us',
  T: 'request_time',
  L: 'duration_ms',
  n: 'duration_ns',
  '^': null
}

/** Reads GoAccess' `log-format`. Dates and times need no format of their own, and a zone behind the time is read. */
export function readGoAccess(text: string): Part[] {
  const format = text
    .trim()
    .replace(/^log-format\s+/, '')
    .replace(/^'([^]*)'$/, '$1')
    .replaceAll('\\"', '"')
    .replaceAll('\\t', '\t')
  const parts: Part[] = []
  let at = 0
  for (const match of format.matchAll(/~h\{[^}]*\}|%([^])/g)) {
    if (match.index > at) parts.push({ text: format.slice(at, match.index) })
    at = match.index + match[0].length
    const letter = match[1]
    if (letter === '%') parts.push({ text: '%' })
    else if (letter === '~') parts.push({ text: ' ' })
    else if (letter === undefined) parts.push({ field: 'x_forwarded_for' })
    else if (!(letter in fields))
      throw new FormatError(`At character ${match.index + 1}: GoAccess has no specifier %${letter}.`)
    else parts.push({ field: fields[letter]!, ...(letter === 'r' && { spaces: 2 }) })
  }
  if (at < format.length) parts.push({ text: format.slice(at) })
  return withZone(parts)
}

/** In `[%d:%t %^]` the part that GoAccess passes over is the zone: all of it is one time. */
function withZone(parts: readonly Part[]): Part[] {
  const named = (at: number) => {
    const part = parts[at]
    return part && 'field' in part ? part.field : undefined
  }
  const textAt = (at: number) => {
    const part = parts[at]
    return part && 'text' in part ? part.text : ''
  }
  const start = parts.findIndex(
    (_, i) => named(i) === 'date' && /^[: T]$/.test(textAt(i + 1)) && named(i + 2) === 'clock'
  )
  if (start < 0) return [...parts]
  const hasZone = textAt(start + 3) === ' ' && named(start + 4) === null
  const spaces = (textAt(start + 1) === ' ' ? 1 : 0) + (hasZone ? 1 : 0)
  return [...parts.slice(0, start), { field: 'time', spaces }, ...parts.slice(start + (hasZone ? 5 : 3))]
}
