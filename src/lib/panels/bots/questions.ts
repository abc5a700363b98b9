import { lookupOf } from '#lib/ask/lookups.ts'
import { fill } from '#lib/engine/fill.ts'
import { operatorSql } from '#lib/filter/operator-sql.ts'
import type { Decision } from '#lib/schema/rulings.ts'
import { fieldOf } from '#lib/star/star.ts'
import type { KindName } from '#lib/verdict/kinds.ts'
import evidence from './evidence.sql?raw'
import identities from './identities.sql?raw'
import reach from './reach.sql?raw'

/** Machines of one name and one verdict. */
export interface Identity {
  bot: string | null
  /** What it poses as, where it gives no name. */
  browser: string | null
  kind: KindName
  visitors: number
  requests: number
  pages: number
  bytes: number
  /** The hash of the one with most requests. */
  busiest: string
  /** The rules that weigh most against it. */
  rules: string[] | null
}

export const identitiesSql = fill(identities, {
  bot_name: String(fieldOf('bot_name')),
  browser: String(fieldOf('browser'))
})

/** How much a rule says of the visitors that are looked at. */
export interface Found {
  rule: string
  visitors: number
  requests: number
  hits: number
}

export const evidenceSql = evidence

/** Of how many visitors a decision would be; the variable `decided` has its value, or its network. */
export function reachSql({ field, operator }: Pick<Decision, 'field' | 'operator'>): string {
  const { key, from } = lookupOf(field)!
  return fill(reach, {
    key,
    from,
    test: operatorSql[operator]('value::VARCHAR', ["getvariable('decided')"])
  })
}
