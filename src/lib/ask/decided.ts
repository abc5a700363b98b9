import { statementsOf, type Bound } from '#lib/engine/connection.ts'
import { operatorSql } from '#lib/filter/operator-sql.ts'
import { readNetwork } from '#lib/filter/network.ts'
import type { Decision } from '#lib/schema/rulings.ts'
import type { Decided } from '#lib/verdict/judge.ts'
import wideAddress from './wide-address.sql?raw'

/** The columns of `seen.sql` that hold what the owner decides by. */
const columnOf: Record<Decision['field'], string> = {
  ip: 'address',
  asn: 'asn',
  user_agent: 'agent',
  visitor: 'hash'
}

/** A statement, and the values of its question marks. */
export type Statement = readonly [sql: string, values?: Bound[]]

/** What SQL tests the decisions by, and the statements that must be run before it. A value is never part of SQL. */
export function decidedOf(decisions: readonly Decision[]): { decided: Decided[]; before: Statement[] } {
  if (!decisions.length) return { decided: [], before: [] }
  const before: Statement[] = statementsOf(wideAddress).map((sql) => [sql])
  const decided = decisions.flatMap(({ field, operator, value, class: name }, i): Decided[] => {
    const network = operator === 'cidr' ? readNetwork(value) : value
    if (network === null) return []
    const values = Array.isArray(network) ? network : [network]
    const list = values.map(() => '?').join(', ')
    before.push([
      `SET VARIABLE decision_${i} = ${operator === 'cidr' ? `[${list}]` : list}`,
      values as Bound[]
    ])
    return [{ class: name, test: operatorSql[operator](columnOf[field], [`getvariable('decision_${i}')`]) }]
  })
  return { decided, before }
}
