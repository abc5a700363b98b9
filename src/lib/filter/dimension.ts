import { columns, type ColumnName, type SqlType } from '#lib/schema/hit.ts'
import { isMember, type Member } from './member.ts'

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

/** What the visit of a hit has: where it began, ended and came from. Each is a text, and a column of no part. */
const visitFields = [
  'entry_page',
  'exit_page',
  'visit_source',
  'visit_source_kind',
  'utm_source',
  'utm_medium',
  'utm_campaign'
] as const

export type VisitField = (typeof visitFields)[number]

/** What hits are grouped and filtered by. By `line`, anywhere in the log line, they are filtered only. */
export type Dimension = ColumnName | (typeof judged)[number]['name'] | Reading | VisitField | Member | 'line'

const types = new Map<string, SqlType>(
  [...columns, ...judged, ...readings].map(({ name, type }) => [name, type])
)
export const readingOf = (name: string) => readings.find((reading) => reading.name === name)

export const isDimension = (name = ''): name is Exclude<Dimension, 'line'> =>
  types.has(name) || isMember(name) || visitFields.some((field) => field === name)
/** Whether clauses can be about it. */
export const isSubject = (name = ''): name is Dimension => name === 'line' || isDimension(name)
export const isOfVisit = (dimension: Dimension): dimension is VisitField =>
  visitFields.some((field) => field === dimension)
export const isReading = (dimension: Dimension): dimension is Reading => readingOf(dimension) !== undefined
export const typeOf = (dimension: Dimension): SqlType => types.get(dimension) ?? 'VARCHAR'
