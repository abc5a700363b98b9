import type { Dimension } from '#lib/filter/dimension.ts'
import type { Question } from '#lib/ask/counted.ts'
import { quarterOfHour, utcDay } from '#lib/ask/measure.ts'
import { codeOf } from '#lib/ask/lookups.ts'
import { fill } from '#lib/engine/fill.ts'
import { namesOf } from '#lib/star/star.ts'
import type { ColumnName } from '#lib/schema/hit.ts'
import latest from './latest.sql?raw'
import { offenders, requests } from './measures/measures.ts'
import offendersSql from './offenders.sql?raw'
import rhythm from './rhythm.sql?raw'
import suggest from './suggest.sql?raw'
import values from './values.sql?raw'

/** What a value of a filter may be, with how often it is there; the variable `typed` narrows it. */
export const suggestSql = (field: Dimension) => fill(suggest, namedBy(field))

/** What the palette can jump to. */
export const valuesSql = (fields: readonly ColumnName[]) =>
  fields.map((field) => fill(values, { column: field, ...namedBy(field) })).join('\nUNION ALL\n')

/** The last answers that were refusals or failures. */
export const latestSql = fill(latest, {
  method: namesOf('method'),
  path: namesOf('path'),
  query: namesOf('query')
})

/** Who gets answers of 400 and above. */
export const worstOffenders: Question = (counted) =>
  fill(offendersSql, {
    offenders: counted(offenders, { own: 'ip', period: 'now', at: utcDay }),
    ip: namesOf('ip'),
    client_name: namesOf('client_name'),
    as_org: namesOf('as_org')
  })

/** Requests by the hours of a week. */
export const rhythmOf: Question = (counted) =>
  fill(rhythm, { requests: counted(requests, { own: 'rhythm', period: 'now', at: quarterOfHour }) })

/** Fills the gaps of a question that groups hits by a column and then finds the values. */
function namedBy(field: Dimension) {
  const { join, code, names } = codeOf(field)
  return {
    join,
    code,
    name: names ? 'names.value' : 'code',
    names: names ? ` JOIN ${names} AS names ON names.key = code` : ''
  }
}
