import { spacesIn } from './strftime.ts'
import { FormatError, type Part } from './template.ts'

/** `%…{argument}X` with modifiers: `%>s`, `%!200,304{Referer}i`. */
const directive = /%(?:%|[<>!]?(?:\d{3},?)*[<>]?(?:\{([^}]*)\})?(\^?[A-Za-z]{1,2}))/y

/** What `names.ts` calls the directives of mod_log_config. */
const fields: Record<string, string> = {
  a: 'remote_addr',
  h: 'remote_addr',
  l: 'ident',
  u: 'remote_user',
  r: 'request',
  s: 'status',
  b: 'body_bytes_sent',
  B: 'body_bytes_sent',
  O: 'bytes_sent',
  I: 'bytes_received',
  D: 'duration_us',
  T: 'request_time',
  v: 'server_name',
  V: 'server_name',
  m: 'method',
  U: 'path',
  q: 'query',
  H: 'protocol',
  L: 'request_id',
  A: 'local_addr',
  p: 'port',
  P: 'pid',
  S: 'bytes_total',
  X: 'connection',
  k: 'keepalive',
  f: 'filename',
  R: 'handler'
}
const timeUnits: Record<string, string> = { us: 'duration_us', ms: 'duration_ms', s: 'request_time' }

/** Reads what stands in `LogFormat`, with or without the directive and the name around it. */
export function readApache(text: string): Part[] {
  const format = inQuotes(text)
  const parts: Part[] = []
  const put = (part: Part) => {
    const before = parts.at(-1)
    if ('text' in part && before && 'text' in before) before.text += part.text
    else parts.push(part)
  }
  for (let at = 0; at < format.length;) {
    if (format[at] !== '%') {
      put({ text: format[at++]! })
      continue
    }
    directive.lastIndex = at
    const match = directive.exec(format)
    if (match === null)
      throw new FormatError(
        `At character ${at + 1} stands a % that is not a directive: ${format.slice(at, at + 12)}`
      )
    const [whole, argument, letter] = match
    for (const part of letter === undefined ? [{ text: '%' }] : partsOf(letter, argument, whole)) put(part)
    at += whole.length
  }
  return joinTimes(parts.flatMap((part, i) => joinQuery(part, parts[i - 1], parts[i + 1])))
}

/** `LogFormat "…" combined` without all but the text, and without its escapes. */
function inQuotes(text: string): string {
  const match =
    /^\s*(?:(?:LogFormat|CustomLog\s+\S+|GlobalLog\s+\S+)\s+)?"((?:[^"\\]|\\[^])*)"\s*[\w.-]*\s*$/i.exec(text)
  const escapes: Record<string, string> = { t: '\t', n: '\n' }
  return (match?.[1] ?? text.trim()).replace(/\\([^])/g, (_, char: string) => escapes[char] ?? char)
}

function partsOf(letter: string, argument: string | undefined, whole: string): Part[] {
  const name = argument?.toLowerCase().replaceAll('-', '_') ?? ''
  if (letter === 't') return timeOf(argument)
  if (letter === 'a' && argument === 'c') return [{ field: 'peer' }]
  if (letter === 'T' && argument) return [{ field: timeUnits[argument] ?? 'request_time' }]
  if (letter === 'i') return [{ field: `http_${name}` }]
  // Cookies hold sessions: they are passed over.
  if (letter === 'C') return [{ field: null }]
  if (letter === 'o' || letter === 'e' || letter === 'n' || letter === 'x' || letter === '^ti')
    return [{ field: name }]
  const field = fields[letter]
  if (field === undefined) throw new FormatError(`There is no directive ${whole} in Apache's formats.`)
  return [{ field, ...(letter === 'r' && { spaces: 2 }) }]
}

function timeOf(argument: string | undefined): Part[] {
  const format = argument?.replace(/^(?:begin|end):/, '')
  if (!format) return [{ text: '[' }, { field: 'time', spaces: 1 }, { text: ']' }]
  return [{ field: /_frac$/.test(format) ? 'fraction' : 'time', spaces: spacesIn(format) }]
}

/** `%U%q` is the target of the request: a request without a query leaves nothing of `%q`. */
function joinQuery(part: Part, before: Part | undefined, after: Part | undefined): Part[] {
  const isField = (part: Part | undefined, name: string) => part && 'field' in part && part.field === name
  if (isField(part, 'path') && isField(after, 'query')) return [{ field: 'request_uri' }]
  return isField(part, 'query') && isField(before, 'path') ? [] : [part]
}

/** `%{%Y-%m-%d %T}t.%{msec_frac}t %{%z}t` is one time. */
function joinTimes(parts: readonly Part[]): Part[] {
  const joined: Part[] = []
  for (const part of parts) {
    const [time, text] = joined.slice(-2)
    const isTime = 'field' in part && (part.field === 'time' || part.field === 'fraction')
    const goesOn = isTime && time && 'field' in time && time.field === 'time' && text && 'text' in text
    if (!goesOn || !/^[ .,]$/.test(text.text)) {
      joined.push(part)
      continue
    }
    joined.pop()
    const spaces = (time.spaces ?? 0) + (part.spaces ?? 0) + (text.text === ' ' ? 1 : 0)
    joined[joined.length - 1] = { field: 'time', spaces }
  }
  return joined
}
