import { FormatError, type Part } from './template.ts'

const variable = /\$(?:\{(\w+)\}|(\w+))/g
/** `15/Jan/2026:10:11:12 +0000`. */
const spacesOf: Record<string, number> = { time_local: 1, request: 2 }

/** Reads what stands in `log_format`, with or without the directive around it. */
export function readNginx(text: string): Part[] {
  const format = inQuotes(text)
  const parts: Part[] = []
  let at = 0
  for (const { 0: whole, 1: braced, 2: bare, index } of format.matchAll(variable)) {
    if (index > at) parts.push({ text: format.slice(at, index) })
    const field = (braced ?? bare)!
    const isInQuotes = format[index + whole.length] === '"'
    parts.push({ field, ...(!isInQuotes && spacesOf[field] && { spaces: spacesOf[field] }) })
    at = index + whole.length
  }
  if (at < format.length) parts.push({ text: format.slice(at) })
  return joinQuery(parts)
}

/** `$uri$is_args$args` is the target of the request. */
function joinQuery(parts: readonly Part[]): Part[] {
  const at = parts.findIndex((part) => 'field' in part && part.field === 'is_args')
  if (at < 1) return [...parts]
  return [...parts.slice(0, at - 1), { field: 'request_uri' }, ...parts.slice(at + 2)]
}

/** `log_format main escape=default '…' '…';` without all but the texts. */
function inQuotes(text: string): string {
  const directive = /^\s*log_format\s+\S+\s+(?:escape=\w+\s+)?/.exec(text)
  if (directive === null && !/^\s*'/.test(text)) return text.trim()
  const rest = text.slice(directive?.[0].length ?? 0)
  const strings = [...rest.matchAll(/'((?:[^'\\]|\\[^])*)'|"((?:[^"\\]|\\[^])*)"/g)]
  if (strings.length === 0) throw new FormatError('log_format has no text in quotes.')
  return strings.map(([, single, double]) => (single ?? double)!.replace(/\\(['"\\])/g, '$1')).join('')
}
