import { isFields, type Fields } from '../fields.ts'

/** A stretch of a line: what stands between values, or a value with what encloses it. */
type Piece = { text: string } | { value: string; around: Around; key?: string }
type Around = 'quotes' | 'brackets' | 'nothing'

/**
 * A format that may read a line, by what its values look like: nginx's `log_format`, or a regular expression where the
 * line is aligned with spaces. For a record of JSON it is a mapping of columns. Null if no request is found in it. It is
 * a proposal for somebody who sees what it makes of the line.
 */
export function guessFormat(written: string | Fields): string | null {
  return typeof written === 'string' ? guessLine(written) : guessMapping(written)
}

function guessLine(line: string): string | null {
  const pieces = piecesOf(line)
  const names = namesOf(
    pieces.flatMap((piece) => ('value' in piece ? [{ value: piece.value, key: piece.key ?? '' }] : []))
  )
  if (names === null) return null
  const isAligned = pieces.some((piece) => 'text' in piece && /\s{2}/.test(piece.text))
  const spell = isAligned ? inExpression : inLogFormat
  let next = 0
  const spelled = pieces.map((piece) => ('text' in piece ? piece : { ...piece, name: names[next++]! }))
  return spell(spelled, separatorOf(line))
}

type Named = { text: string } | { name: string; value: string; around: Around }

function inLogFormat(pieces: readonly Named[]): string {
  const spelled = pieces.map((piece, i) => {
    if ('text' in piece) return piece.text
    const next = pieces[i + 1]
    return next && 'text' in next && /^\w/.test(next.text) ? `\${${piece.name}}` : `$${piece.name}`
  })
  return spelled.join('')
}

function pattern({ value, around }: { value: string; around: Around }, separator: string): string {
  if (around === 'quotes') return String.raw`(?:[^"\\]|\\.)*`
  if (around === 'brackets') return String.raw`[^\]]*`
  if (value.includes(' ')) return String.raw`\S+\s\S+`
  return separator === '' ? String.raw`\S+` : String.raw`[^\s${separator}]*`
}

function inExpression(pieces: readonly Named[], separator: string): string {
  const escaped = (text: string) =>
    text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`).replace(/\s+/g, String.raw`\s+`)
  const spelled = pieces.map((piece) =>
    'text' in piece ? escaped(piece.text) : `(?<${piece.name}>${pattern(piece, separator)})`
  )
  return `^${spelled.join('')}`
}

/** What divides the fields of a line besides spaces: a `|`, `;` or `,` that it has often; nothing if there is none. */
function separatorOf(line: string): string {
  const bare = line.replace(/"(?:[^"\\]|\\[^])*"/g, '')
  return ['|', ';', ','].find((char) => bare.split(char).length > 3) ?? ''
}

function piecesOf(line: string): Piece[] {
  const separator = separatorOf(line)
  const bare = new RegExp(String.raw`[^\s"\[${separator === '' ? '' : `\\${separator}`}]+`, 'y')
  const quoted = /"((?:[^"\\]|\\[^])*)"/y
  const bracketed = /\[([^\]]*)\]/y
  const bareTime = /\d\d\/[A-Z][a-z]{2}\/\d{4}[: ]\d\d:\d\d:\d\d(?: [+-]\d{4})?/y
  const key = /([A-Za-z][\w.-]*)[=:](?=.)/y
  const pieces: Piece[] = []
  const put = (text: string) => {
    const last = pieces.at(-1)
    if (last && 'text' in last) last.text += text
    else pieces.push({ text })
  }
  const match = (pattern: RegExp, at: number) => {
    pattern.lastIndex = at
    return pattern.exec(line)
  }
  let name: string | undefined
  for (let at = 0; at < line.length;) {
    const named = match(key, at)
    if (named && !/^https?:/.test(named[0])) {
      put(named[0])
      name = named[1]!
      at += named[0].length
      continue
    }
    const [enclosed, around] =
      line[at] === '"' ? [match(quoted, at), 'quotes' as const] : [match(bracketed, at), 'brackets' as const]
    if (enclosed) {
      put(line[at]!)
      pieces.push({ value: enclosed[1]!, around, ...(name && { key: name }) })
      put(line[at + enclosed[0].length - 1]!)
      at += enclosed[0].length
    } else {
      const [word] = match(bareTime, at) ?? match(bare, at) ?? []
      const value = word?.replace(/[,:;]+$/, '')
      if (value) pieces.push({ value, around: 'nothing', ...(name && { key: name }) })
      else put(word ?? line[at]!)
      at += value ? value.length : (word ?? line[at]!).length
    }
    name = undefined
  }
  return pieces
}

const address = String.raw`(?:\d{1,3}(?:\.\d{1,3}){3}|(?=[\da-f:.]*:[\da-f.]*:)[\da-f:.]+|\[[\da-f:.]+\])`

/** What a value looks like, and the names that it may have, of which each is given once. The first that fits counts. */
const looks: readonly { matches: RegExp; names: readonly string[] }[] = [
  { matches: /^[A-Z]{3,10} \S+(?: HTTP\/\d\S*)?$/, names: ['request'] },
  // `$time_local` has one space.
  { matches: /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d$/, names: ['time'] },
  { matches: /^\d\d\/[A-Z][a-z]{2}\/\d{4}[: ]\d\d:\d\d:\d\d/, names: ['time_local'] },
  { matches: /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/, names: ['time_iso8601'] },
  { matches: /^1\d{9}(?:\d{3}|\.\d+)?$/, names: ['msec'] },
  { matches: /^\d{4}[/-]\d\d[/-]\d\d$/, names: ['date'] },
  { matches: /^\d\d:\d\d:\d\d(?:[.,]\d+)?$/, names: ['clock'] },
  {
    matches: /^(?:GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|CONNECT|TRACE|PROPFIND)$/,
    names: ['request_method']
  },
  {
    matches: new RegExp(`^${address}(?::\\d+)?$`, 'i'),
    names: ['remote_addr', 'upstream_addr', 'server_addr']
  },
  { matches: new RegExp(`^${address}(?:, ?${address})+$`, 'i'), names: ['http_x_forwarded_for'] },
  { matches: /^(?:for|by|proto|host)=\S/i, names: ['http_forwarded'] },
  { matches: /^[1-5]\d\d$/, names: ['status'] },
  { matches: /^HTTP\/\d/, names: ['server_protocol'] },
  { matches: /^\d+\.\d+(?:[mµun]?s)?$|^\d+[mµun]?s$/, names: ['request_time', 'upstream_response_time'] },
  { matches: /^\d+$/, names: ['body_bytes_sent', 'request_length'] },
  { matches: /^\//, names: ['request_uri'] },
  { matches: /^https?:\/\//, names: ['http_referer'] },
  { matches: /Mozilla\/|^[A-Za-z][\w.-]*\/\d/, names: ['http_user_agent'] },
  { matches: /^(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?$/i, names: ['host'] },
  { matches: /^[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}$/i, names: ['request_id'] }
]

/** What a number is whose unit stands behind it. */
const units: Readonly<Record<string, string>> = {
  s: 'request_time',
  ms: 'request_time_ms',
  us: 'duration_us',
  µs: 'duration_us'
}

/** A name for each value; null if there is no request among them. What nobody knows keeps its key, or has a number. */
function namesOf(found: readonly { value: string; key: string }[]): string[] | null {
  const taken = new Set<string>()
  const claim = (name: string | undefined) => {
    if (name !== undefined) taken.add(name)
    return name
  }
  const free = (names: readonly string[]) => names.find((name) => !taken.has(name))
  const known = found.map(({ value }, i) => {
    const unit = /^\d+(?:\.\d+)?$/.test(value) ? units[found[i + 1]?.value ?? ''] : undefined
    if (unit !== undefined && !taken.has(unit)) return claim(unit)
    const look = looks.find(({ matches, names }) => matches.test(value) && free(names) !== undefined)
    return claim(look && free(look.names))
  })
  const agent = known.indexOf('http_user_agent')
  // The referrer stands before the agent, and most often it is missing.
  if (agent > 0 && found[agent - 1]!.value === '-' && !known[agent - 1] && !taken.has('http_referer'))
    known[agent - 1] = claim('http_referer')
  const target = known.indexOf('http_referer')
  // The only URL of a line without a path is what was asked for.
  if (!taken.has('request') && !taken.has('request_uri') && target >= 0 && found[target]!.value !== '-') {
    known[target] = claim('request_uri')
    taken.delete('http_referer')
  }
  const isAsked = taken.has('request') || taken.has('request_uri')
  const isAnswered = ['status', 'remote_addr', 'http_user_agent'].some((name) => taken.has(name))
  if (!isAsked || !isAnswered) return null
  return known.map((name, i) => name ?? claim(spare(found[i]!.key, i, taken))!)
}

function spare(key: string, place: number, taken: ReadonlySet<string>): string {
  const name = key.toLowerCase().replace(/\W/g, '_')
  return name === '' || taken.has(name) || /^\d/.test(name) ? `field_${place + 1}` : name
}

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
  const names = namesOf(found.map(({ value }) => ({ value, key: '' })))
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
