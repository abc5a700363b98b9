import type { AcceptedHit } from '#lib/schema/hit.ts'
import { flag } from './fields.ts'
import { meaningOf } from './formats/meanings.ts'

/** The columns that a site may leave out, with the keys that records of any format have for them. */
const columns = {
  referrer: /referr?er/i,
  user_agent: /user[-_. ]?agent|^(?:agent|ua)$/i,
  query: /(?:^|(?:uri|url|request)[-_. ]?)query(?:[-_. ]?string)?$|^args$/i
} as const
export type DroppedColumn = keyof typeof columns
const droppedColumns = Object.keys(columns) as DroppedColumn[]

/** The column that a name means, where that column can be left out. */
const meant: Record<string, DroppedColumn> = { referrer: 'referrer', agent: 'user_agent', query: 'query' }
const clients = ['ip', 'clientName', 'proxied', 'real', 'cloudflare', 'trueClient']

const mostFields = 64
const longestName = 64

/** The list, with columns by their names and other fields by their keys; or a message why it is refused. */
export function readDrops(list: readonly string[]): string[] | string {
  if (list.length > mostFields) return `the most is ${mostFields} fields`
  const fields = new Set<string>()
  for (const entry of list) {
    const name = entry.trim()
    const shown = JSON.stringify(name.slice(0, longestName))
    if (name === '' || name.length > longestName || /\p{Cc}/u.test(name))
      return `${shown} is no field: a name has 1 to ${longestName} characters`
    const meaning = meaningOf(name) ?? meaningOf(name.toLowerCase().replaceAll('-', '_'))
    const column = meant[meaning ?? '']
    if (column === undefined && clients.includes(meaning ?? ''))
      return `${shown} names the client: choose how addresses are kept instead`
    if (meaning === 'user') return `${shown} names a user: choose whether such names are kept instead`
    if (column === undefined && meaning !== undefined && meaning !== 'forwarded')
      return `${shown} has a column, and of columns only ${droppedColumns.join(', ')} can be left out`
    fields.add(column ?? name)
  }
  return [...fields]
}

/** What a site leaves out. */
interface Drops {
  columns: ReadonlySet<DroppedColumn>
  names(key: string): boolean
}

/** The drops of a list that `readDrops` has read; null where nothing is dropped. */
export function dropsOf(fields: readonly string[]): Drops | null {
  if (fields.length === 0) return null
  const own = droppedColumns.filter((column) => fields.includes(column))
  const keys = new Set(fields.map((field) => field.toLowerCase()))
  const names = (key: string) =>
    keys.has(key.toLowerCase()) || own.some((column) => columns[column].test(key))
  return { columns: new Set(own), names }
}

const marks = { referrer: 'referrer_dropped', user_agent: 'agent_dropped' } as const

/** The queries that hits had: by them a line is known again, whether its site keeps them or not. */
const queries = new WeakMap<object, string>()

/** The query of a hit as it was logged. */
export const loggedQuery = (hit: Pick<AcceptedHit, 'query'>): string | null => queries.get(hit) ?? hit.query

/**
 * Removes from a hit what its site drops, before the hit enters the log. An agent, and of a referrer its origin, stay
 * until the flush, which reads browser, visitor and source from them; by a mark on the hit `hideDropped` then removes
 * them.
 */
export function dropFields(hit: AcceptedHit, drops: Drops): void {
  const { referrer, user_agent: agent } = hit
  const gone: string[] = []
  if (drops.columns.has('query')) {
    if (hit.query !== null) queries.set(hit, hit.query)
    hit.query = null
    if (referrer !== null) hit.referrer = withoutQueries(referrer)
  }
  if (drops.columns.has('referrer') && referrer !== null) {
    flag(hit, marks.referrer)
    hit.referrer = originOf(referrer)
    gone.push(referrer)
  }
  if (drops.columns.has('user_agent') && agent !== null) {
    flag(hit, marks.user_agent)
    gone.push(agent)
  }
  if (hit.extra !== null) hit.extra = withoutMembers(hit.extra, drops, gone)
  if (hit.message !== null) hit.message = dropFromText(withoutValues(hit.message, gone), drops)
}

/** Removes from the columns of the log what no part may hold, after everything that reads it. */
export function hideDropped({
  flags,
  referrer,
  user_agent
}: Record<'flags' | 'referrer' | 'user_agent', unknown[]>) {
  for (const [i, mark] of flags.entries()) {
    if (mark === null || !(mark as string).includes('_dropped')) continue
    const words = (mark as string).split(',')
    if (words.includes(marks.referrer)) referrer[i] = null
    if (words.includes(marks.user_agent)) user_agent[i] = null
  }
}

/** What tells the source: scheme and host, or the host alone. */
const originOf = (referrer: string) => /^(?:[a-z][a-z\d+.-]{0,20}:\/\/)?[^/?#\\]*/i.exec(referrer)![0]

function withoutMembers(extra: string, drops: Drops, gone: readonly string[]): string | null {
  const kept = leaveOut(JSON.parse(extra), drops, (text) =>
    dropFromText(withoutValues(text, gone), drops)
  ) as object
  return Object.keys(kept).length === 0 ? null : JSON.stringify(kept)
}

/** A value without the members that are dropped, at every depth. */
function leaveOut(value: unknown, drops: Drops, clean: (text: string) => string, path = ''): unknown {
  if (typeof value === 'string') return clean(value)
  if (Array.isArray(value)) return value.map((item) => leaveOut(item, drops, clean, path))
  if (typeof value !== 'object' || value === null) return value
  const isGone = (name: string): boolean => drops.names(name) || drops.names(path + name)
  const kept = Object.entries(value).filter(([name]) => {
    // A key that came twice has a number the second time.
    const first = name.replace(/_\d+$/, '')
    return !isGone(name) && !(first !== name && Object.hasOwn(value, first) && isGone(first))
  })
  return Object.fromEntries(
    kept.map(([name, inner]) => [name, leaveOut(inner, drops, clean, `${path}${name}.`)])
  )
}

const redacted = 'REDACTED'

/** A text that names a value under another key, or under none. */
function withoutValues(text: string, gone: readonly string[]): string {
  return gone.reduce((left, value) => (value.length < 4 ? left : left.replaceAll(value, redacted)), text)
}

const withoutQueries = (text: string) => text.replace(/\?[^\s"'<>\\]+/g, '')

/** How a text may say `key: value`: what ends with the key's sign, the value behind it, and what takes its place. */
const spellings: readonly { key: RegExp; value: RegExp; put: string }[] = [
  {
    key: /"([^"\\]{1,64})"\s*:\s*/g,
    value: /"(?:[^"\\]|\\[^])*(?:"|$)|\[[^\]]*\]?|\{[^}]*\}?|[^\s,}\]]*/y,
    put: `"${redacted}"`
  },
  // JSON in a string of JSON.
  {
    key: /\\"([^"\\]{1,64})\\"\s*:\s*/g,
    value: /\\"(?:[^"\\]|\\\\\\"|\\[^"])*(?:\\"|$)|[^\s,}\]\\]*/y,
    put: String.raw`\"${redacted}\"`
  },
  { key: /(?<=^|\t)([^\s:="'{}]{1,64})[:=]/g, value: /[^\t]*(?=\t)|[^\s]*(?=[^\t]*$)/y, put: redacted },
  { key: /(?<=^|[\s,;&?])([^\s,;&?="':]{1,64})=/g, value: /"(?:[^"\\]|\\[^])*"?|[^\s&;]*/y, put: redacted },
  {
    key: /(?<=^|[\s,;])([^\s,;="':]{1,64}): /g,
    value: /"(?:[^"\\]|\\[^])*"?|(?:(?!, [\w-]{1,64}: )[^\n])*/y,
    put: redacted
  }
]

/** A text of any kind, such as a refused record, without the values that stand under keys that are dropped. */
export function dropFromText(text: string, drops: Drops): string {
  const whole = /^\s*[{[]/.test(text) ? dropFromJson(text, drops) : null
  if (whole !== null) return whole
  const clean = spellings.reduce((left, spelling) => redact(left, spelling, drops), text)
  return drops.columns.has('query') ? withoutQueries(clean) : clean
}

/** Null if the text is not JSON, or nests too deep for the stack. */
function dropFromJson(text: string, drops: Drops): string | null {
  try {
    const whole: unknown = JSON.parse(text)
    const kept = JSON.stringify(leaveOut(whole, drops, (inner) => dropFromText(inner, drops)))
    return kept === JSON.stringify(whole) ? text : kept
  } catch {
    return null
  }
}

function redact(text: string, { key, value, put }: (typeof spellings)[number], drops: Drops): string {
  let clean = ''
  let from = 0
  for (const found of text.matchAll(key)) {
    if (found.index < from || !drops.names(found[1]!)) continue
    const start = found.index + found[0].length
    value.lastIndex = start
    const [gone] = value.exec(text)!
    clean += text.slice(from, start) + (gone === '' ? '' : put)
    from = start + gone.length
  }
  return clean + text.slice(from)
}
