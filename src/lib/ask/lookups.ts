import { isReading, sqlOf, type Dimension } from '#lib/filter/dimension.ts'
import { isMember } from '#lib/filter/member.ts'
import { codeOf as codeOfColumn, lookupOf as lookupOfColumn, type Code, type Lookup } from '#lib/star/star.ts'

/** Where to find the values of a dimension; null if `sqlOf` gives the value itself. */
export const lookupOf = (dimension: Dimension): Lookup | null =>
  isMember(dimension) || isReading(dimension) ? null : lookupOfColumn(dimension)

/** How to group hits by a dimension. */
export const codeOf = (dimension: Dimension): Code =>
  isMember(dimension) || isReading(dimension)
    ? { join: '', code: sqlOf(dimension), names: null }
    : codeOfColumn(dimension)
