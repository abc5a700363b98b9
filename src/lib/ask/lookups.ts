import { isOfVisit, isReading, type Dimension } from '#lib/filter/dimension.ts'
import { sqlOf } from '#lib/filter/value-sql.ts'
import { isMember } from '#lib/filter/member.ts'
import { codeOf as codeOfColumn, lookupOf as lookupOfColumn, type Code, type Lookup } from '#lib/star/star.ts'
import { codeOfVisits, lookupOfVisits } from './visit-fields.ts'

// `line` has no value of its own: the engine refuses its name.
const hasOwnSql = (dimension: Dimension) =>
  isMember(dimension) || isReading(dimension) || dimension === 'line'

/** Where to find the values of a dimension; null if `sqlOf` gives the value itself. */
export function lookupOf(dimension: Dimension): Lookup | null {
  if (isOfVisit(dimension)) return lookupOfVisits(dimension)
  if (hasOwnSql(dimension)) return null
  if (dimension === 'verdict')
    return { key: 'visitor', from: '(SELECT visitor AS key, kind AS value FROM verdicts)' }
  return lookupOfColumn(dimension)
}

/** How to group hits by a dimension. */
export function codeOf(dimension: Dimension): Code {
  if (isOfVisit(dimension)) return codeOfVisits(dimension)
  if (hasOwnSql(dimension)) return { join: '', code: sqlOf(dimension), names: null }
  if (dimension !== 'verdict') return codeOfColumn(dimension)
  const join = 'JOIN (SELECT visitor, kind AS verdict FROM verdicts) AS judged USING (visitor)'
  return { join, code: 'verdict', names: null }
}
