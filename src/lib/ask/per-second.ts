import type { PerSecond } from '#lib/alert/per-second.ts'
import { fill } from '#lib/engine/fill.ts'
import { isDimension } from '#lib/filter/dimension.ts'
import { readClause, type Clause } from '#lib/filter/filter.ts'
import type { AlertRule } from '#lib/schema/alerts.ts'
import type { Period } from '#lib/time/period.ts'
import { probeFamilies } from '#lib/star/probes.ts'
import { fieldOf } from '#lib/star/star.ts'
import { codeOf } from './lookups.ts'
import type { Query } from './query.ts'
import perSecond from './per-second.sql?raw'
import probed from './probed.sql?raw'
import firstSeen from './first-seen.sql?raw'

const week = 604_800
/** A metric of change looks back as many weeks, if they are known. */
const mostWeeks = 4
/** On the first day all values are new. */
const firstDay = 86_400

type Wanted = Pick<AlertRule, 'metric' | 'where' | 'field' | 'window'>

/**
 * Returns the counts of a rule for a period and the window before it. `known` is the period whose hits are all on the
 * device. Attacks on the paths in `harmless` don't count. Throws an error that says why the rule can't be evaluated.
 * Changes the connection's selection.
 */
async function countOf(
  query: Query,
  rule: Wanted,
  period: Period,
  known: Period,
  harmless: readonly string[]
): Promise<PerSecond> {
  const clauses = await clausesOf(query, rule)
  const from = Math.max(known.from, period.from - rule.window * 1_000)
  const ask = async (sql: string, of: Clause[], within: Period) => {
    await query.select({ ...within, traffic: 'all', clauses: of })
    return columnsOf((await query.answer(sql)).rows)
  }
  const { metric, field } = rule
  const asked = { from, to: period.to }
  if (metric === 'new') {
    const { join, code } = codeOf(dimensionOf(rule))
    const sql = fill(firstSeen, { join, code })
    const rows = await ask(sql, clauses, { from: known.from, to: period.to })
    const first = Math.max(from, known.from + firstDay * 1_000) / 1_000
    return since(rows, first)
  }
  if (metric === 'change')
    return against(
      await ask(plain, clauses, { from: from - mostWeeks * week * 1_000, to: period.to }),
      from,
      known
    )
  if (metric === 'share') return together(await ask(plain, clauses, asked), await ask(plain, [], asked))
  if (metric === 'silence' && field === null) {
    const { second, hits, base, key } = await ask(plain, clauses, asked)
    // Nothing is known of the time before: silence has lasted since then, at least.
    const before = Math.floor(from / 1_000) - 1
    return { second: [before, ...second], hits: [0, ...hits], base: [0, ...base], key: [0, ...key] }
  }
  if (metric === 'attacks') {
    await query.set({ harmless })
    return ask(attacks(rule, harmless.length > 0), clauses, asked)
  }
  const isByValue = metric === 'distinct' || metric === 'most' || metric === 'silence'
  return ask(metric === 'latency' ? latency : isByValue ? byValue(rule) : plain, clauses, asked)
}

/** Counts for one rule at a time, because each rule changes the connection's selection. */
export class Counting {
  readonly #query: Query
  #turn: Promise<unknown> = Promise.resolve()

  constructor(query: Query) {
    this.#query = query
  }

  /** As `countOf`. */
  count(rule: Wanted, period: Period, known: Period, harmless: readonly string[] = []): Promise<PerSecond> {
    const done = this.#turn.then(() => countOf(this.#query, rule, period, known, harmless))
    this.#turn = done.catch(() => {})
    return done
  }
}

const plain = fill(perSecond, { key: '0::DOUBLE', join: '', test: 'true' })

/** The bins of `latency_bin`, without a gap between the narrow and the wide ones: as `binOf` of `ranks.ts` counts them. */
const latency = fill(perSecond, {
  key: 'CASE WHEN latency_bin(duration) < 50 THEN latency_bin(duration) ELSE latency_bin(duration) - 1150 END::DOUBLE',
  join: '',
  test: 'duration >= 0'
})

const isHarmless = `coalesce(status BETWEEN 200 AND 299 AND path IN (
  SELECT id FROM words WHERE field = {path} AND list_contains(getvariable('harmless')::VARCHAR[], word)
), false)`

/** The hits of a family of probes, or of all families that no reader asks for. */
function attacks({ field }: Wanted, knowsHarmless: boolean): string {
  const wanted = probeFamilies.filter(({ name, isAttack }) => (field === null ? isAttack : name === field))
  if (!wanted.length) throw new Error(`There is no family of attacks called ${field}.`)
  const families = wanted.map(({ name }) => `'${name}'`).join(', ')
  const columns = ['path', 'query', 'user_agent', 'referrer'] as const
  const fields = Object.fromEntries(columns.map((name) => [name, String(fieldOf(name))]))
  return fill(perSecond, {
    key: '0::DOUBLE',
    join: fill(probed, fields),
    test: `coalesce(path_family, query_family, agent_family, referrer_family) IN (${families})${
      knowsHarmless ? ` AND NOT ${fill(isHarmless, { path: fields.path! })}` : ''
    }`
  })
}

function byValue(rule: Wanted): string {
  const { join, code } = codeOf(dimensionOf(rule))
  // As many of its digits as a number holds.
  return fill(perSecond, { key: `(hash(${code}) >> 12)::DOUBLE`, join, test: `${code} IS NOT NULL` })
}

function dimensionOf({ field }: Wanted) {
  if (field !== null && isDimension(field)) return field
  throw new Error(`There is no field ${field}.`)
}

async function clausesOf(query: Query, { where }: Wanted): Promise<Clause[]> {
  const clauses = []
  for (const text of where) {
    const clause = readClause(text)
    if (!clause) throw new Error(`${text} is no filter.`)
    const problem = await query.problemOf(clause)
    if (problem) throw new Error(`${problem}: ${text}`)
    clauses.push(clause)
  }
  return clauses
}

type Columns = { [N in keyof PerSecond]: number[] }

function columnsOf(rows: readonly unknown[][]): Columns {
  const column = (at: number) => rows.map((row) => Number(row[at]))
  return { second: column(0), hits: column(1), base: rows.map(() => 0), key: column(2) }
}

function since({ second, hits, base, key }: Columns, from: number): Columns {
  const at = second.findIndex((one) => one >= from)
  const cut = (column: number[]) => (at < 0 ? [] : column.slice(at))
  return { second: cut(second), hits: cut(hits), base: cut(base), key: cut(key) }
}

/** Counts hits, and the mean of the hits at the same time in earlier weeks. */
function against(all: Columns, from: number, known: Period): Columns {
  const weeks = Math.min(mostWeeks, Math.floor((from - known.from) / (week * 1_000)))
  const now = since(all, from / 1_000)
  const end = all.second.at(-1) ?? 0
  return Array.from({ length: weeks }, (_, i) => later(all, (i + 1) * week, weeks))
    .map((before) => since(before, from / 1_000))
    .reduce((sum, before) => together(sum, before, end), now)
}

const later = ({ second, hits, key }: Columns, seconds: number, share: number): Columns => ({
  second: second.map((at) => at + seconds),
  hits: hits.map((count) => count / share),
  base: hits.map(() => 0),
  key
})

/** Rows of two lists, the hits of the second as the base. */
function together(hits: Columns, base: Columns, end = Infinity): Columns {
  const all: Columns = { second: [], hits: [], base: [], key: [] }
  let [i, j] = [0, 0]
  while (i < hits.second.length || j < base.second.length) {
    const isHit = (hits.second[i] ?? Infinity) <= (base.second[j] ?? Infinity)
    const [from, at] = isHit ? [hits, i++] : [base, j++]
    if (!isHit && from.second[at]! > end) break
    all.second.push(from.second[at]!)
    all.hits.push(isHit ? from.hits[at]! : 0)
    all.base.push(isHit ? from.base[at]! : from.hits[at]!)
    all.key.push(0)
  }
  return all
}
