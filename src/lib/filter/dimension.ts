import { columns, type ColumnName, type SqlType } from '#lib/schema/hit.ts'
import { isMember, sqlOfMember, type Member } from './member.ts'

/** What the clock of the chosen zone showed at a hit: asked of its time, and a column of no part. */
const readings = [
  { name: 'weekday', type: 'SMALLINT', sql: 'isodow(local_time(time))' },
  { name: 'hour', type: 'SMALLINT', sql: 'hour(local_time(time))' },
  // 209 is nine o'clock on a Tuesday.
  { name: 'weekday_hour', type: 'SMALLINT', sql: '100 * isodow(local_time(time)) + hour(local_time(time))' }
] as const satisfies { name: string; type: SqlType; sql: string }[]

/** What a visitor is judged to be: known of its hits once they are on the device. */
const judged = [{ name: 'verdict', type: 'VARCHAR' }] as const

type Reading = (typeof readings)[number]['name']

/** What hits are grouped and filtered by. */
export type Dimension = ColumnName | (typeof judged)[number]['name'] | Reading | Member

const types = new Map<string, SqlType>(
  [...columns, ...judged, ...readings].map(({ name, type }) => [name, type])
)
const readingOf = (name: string) => readings.find((reading) => reading.name === name)

export const isDimension = (name = ''): name is Dimension => types.has(name) || isMember(name)
export const isReading = (dimension: Dimension): dimension is Reading => readingOf(dimension) !== undefined
export const typeOf = (dimension: Dimension): SqlType => types.get(dimension) ?? 'VARCHAR'

/** Its value in a row of `hits`. */
export const sqlOf = (dimension: Dimension): string =>
  isMember(dimension) ? sqlOfMember(dimension) : (readingOf(dimension)?.sql ?? `"${dimension}"`)
