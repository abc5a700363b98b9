import { rowsOf, type InsertColumn } from '#lib/engine/columns.ts'
import { toObjects, type Connection } from '#lib/engine/connection.ts'
import { fill } from '#lib/engine/fill.ts'
import type { Incoming } from './group.ts'
import { internalSql } from './own-domains.ts'
import { columnsOf, fieldOf, shared, tableOf, type Shared } from './star.ts'
import { listOf } from './tables.ts'
import type { KnownVisits } from './visits.ts'
import knownVisits from './known-visits.sql?raw'
import number from './number.sql?raw'
import numberProbes from './number-probes.sql?raw'
import numberRoutes from './number-routes.sql?raw'

/** Inserts rows: first their words and visitors, then the combinations of these, then the hits. */
export async function insertGroup(connection: Connection, group: Incoming): Promise<void> {
  const { words, visitors } = await group.words()
  const numbered = {
    words: await numbersOf(connection, words, wordNumbers),
    visitors: await numbersOf(connection, visitors, rowNumbers('visitors', 'visitor'))
  }
  const known = await visitsOf(connection)
  const tuples = await group.tuples(numbered)
  const numbers: Record<Shared, Int32Array> = { client: new Int32Array(), source: new Int32Array() }
  for (const name of shared)
    numbers[name] = await numbersOf(
      connection,
      tuples[name],
      name === 'source' ? sourceNumbers : rowNumbers(tableOf(name), name)
    )
  const { hits, joined } = await group.hits(numbers, known)
  await connection.insert('hits', hits)
  if (!rowsOf(joined[0]!)) return
  await connection.run(`CREATE OR REPLACE TEMP TABLE joined (${listOf(joined)})`)
  await connection.insert('joined', joined)
  await connection.run('UPDATE hits SET visit = joined."into" FROM joined WHERE hits.visit = joined.visit')
}

/** The visits of the visitors who were numbered last, as far as the store had them. */
async function visitsOf(connection: Connection): Promise<KnownVisits> {
  const [row] = toObjects<{ most: number } & Record<Exclude<keyof KnownVisits, 'most'>, number[] | null>>(
    await connection.run(knownVisits)
  )
  const { most, visitor, visit, first, last } = row!
  return {
    most,
    visitor: Int32Array.from(visitor ?? []),
    visit: Int32Array.from(visit ?? []),
    first: Float64Array.from(first ?? []),
    last: Float64Array.from(last ?? [])
  }
}

/** How a table numbers its rows: new rows continue from `last`, separately for each value of `within`. */
interface Numbering {
  table: string
  /** The rows that it has: SQL behind FROM. */
  old: string
  id: string
  within: string
  last: string
  /** SQL to run before the rows are numbered. */
  first: string
  /** SQL to run while the temporary table `numbered` has the rows. */
  then: string
}

const rowNumbers = (table: string, id: string): Numbering => ({
  table,
  old: table,
  id,
  first: '',
  within: '',
  last: `(SELECT coalesce(max(${id}), 0) AS last FROM ${table}) ON true`,
  then: ''
})

/** Rows that were not alike when they came may be since their domain is known to be the site's own. */
const sourceNumbers: Numbering = {
  ...rowNumbers('sources', 'source'),
  old: `(SELECT min(source) AS source, ${columnsOf('source').join(', ')} FROM sources GROUP BY ALL)`,
  first: internalSql('staged_sources')
}

const wordNumbers: Numbering = {
  table: 'words',
  old: 'words',
  id: 'id',
  first: '',
  within: 'staged.field, ',
  last: '(SELECT field, max(id) AS last FROM words GROUP BY field) AS fields ON fields.field = staged.field',
  then: [
    fill(numberRoutes, { path: String(fieldOf('path')), route: String(fieldOf('route')) }),
    numberProbes
  ].join('')
}

/** The number of each row in `table`, in the order of the rows. Rows that the table lacks are added; no row may repeat. */
async function numbersOf(
  connection: Connection,
  columns: readonly InsertColumn[],
  { table, first, then, ...rest }: Numbering
): Promise<Int32Array> {
  const names = columns
    .filter(({ name }) => name !== 'place' && name !== 'family')
    .map(({ name }) => `"${name}"`)
  await connection.run(`CREATE OR REPLACE TEMP TABLE staged_${table} (${listOf(columns)})`)
  await connection.insert(`staged_${table}`, columns)
  if (first) await connection.run(first)
  await connection.run(fill(number, { table, ...rest, columns: names.join(', ') }) + then)
  const answer = await connection.run('SELECT list(id ORDER BY place) AS numbers FROM numbered')
  const [row] = toObjects<{ numbers: number[] | null }>(answer)
  return Int32Array.from(row?.numbers ?? [])
}
