import { readingOf, type Dimension } from './dimension.ts'
import { isMember } from './member.ts'
import { sqlOfMember } from './member-sql.ts'

/** Its value in a row of `hits`, which has none of the fields of a visit. */
export const sqlOf = (dimension: Dimension): string =>
  isMember(dimension) ? sqlOfMember(dimension) : (readingOf(dimension)?.sql ?? `"${dimension}"`)
