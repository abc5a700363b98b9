import { statementsOf } from '#lib/engine/connection.ts'
import { fill } from '#lib/engine/fill.ts'
import { pageViews } from './page-view.ts'
import { probesVersion } from './probes.ts'
import { columnsOf, flatSql, hitColumns, usedWordsSql, wordFields, type Shared } from './star.ts'
import forget from './forget.sql?raw'
import golkepar from './golkepar.sql?raw'
import route from './route.sql?raw'
import splitVisits from './split-visits.sql?raw'
import tables from './tables.sql?raw'
import { visitGap } from './visits.ts'

/** Columns as CREATE TABLE lists them. */
export const listOf = (columns: readonly { name: string; type: string }[]): string =>
  columns.map(({ name, type }) => `"${name}" ${type}`).join(', ')

const numbersOf = (name: Shared) =>
  listOf(columnsOf(name).map((column) => ({ name: column, type: 'INTEGER NOT NULL' })))

/** Creates the tables of a working copy. */
export const createSql: string = [
  fill(tables, {
    hits: listOf(hitColumns),
    client: numbersOf('client'),
    source: numbersOf('source'),
    flat: flatSql
  }),
  golkepar
].join('\n')

/** Fills new tables: the number 0 stands for a missing value in every field. */
export const missingSql: string = [
  `INSERT INTO words VALUES ${wordFields.map((field) => `(0, ${field}, NULL)`).join(', ')}`,
  'INSERT INTO visitors VALUES (0, NULL)'
].join(';\n')

/** Defines `route_of(path)`. */
export const routeSql: string = route

/** Deletes the rows that no hit refers to. */
export const forgetSql: readonly string[] = statementsOf(fill(forget, { used: usedWordsSql }))

/** Numbers again the visits that lost hits. The table `cut` lists them. */
export const splitSql: readonly string[] = statementsOf(fill(splitVisits, { visit_gap: String(visitGap) }))

/** A working copy is built again if its version differs: another engine, other tables, another rule for page views or visits. */
export const versionOf = (engine: string): string =>
  [engine, createSql, pageViews, probesVersion, visitGap].join('\n')
