import { fill } from '#lib/engine/fill.ts'
import { statementsOf, toObjects, type Connection } from '#lib/engine/connection.ts'
import type { ColumnName } from '#lib/schema/hit.ts'
import { fieldOf } from './star.ts'
import internal from './internal.sql?raw'
import ownDomains from './own-domains.sql?raw'

const named: readonly ColumnName[] = ['referrer', 'referrer_kind', 'path']
const fields = Object.fromEntries(named.map((name) => [name, String(fieldOf(name))]))

const learnSql: readonly string[] = statementsOf(fill(ownDomains, fields))

/** SQL: calls rows of a table with the columns of `sources` internal if their domain is known to be the site's own. */
export const internalSql = (table: string): string => fill(internal, { ...fields, table })

const knownSql = `SELECT
  (SELECT count(*) FROM own_domains)::DOUBLE AS domains,
  EXISTS (FROM words WHERE field = ${fieldOf('host')} AND id > 0) AS has_hosts`

/**
 * Learns the site's own domains, unless its log names hosts. True if there is a new one: then the sources of all hits may
 * have changed.
 */
export async function learnOwnDomains(connection: Connection): Promise<boolean> {
  const known = async () => {
    const answer = await connection.run(knownSql)
    return toObjects<{ domains: number; has_hosts: boolean }>(answer)[0]!
  }
  const { domains, has_hosts: hasHosts } = await known()
  if (hasHosts) return false
  for (const sql of learnSql) await connection.run(sql)
  if ((await known()).domains === domains) return false
  await connection.run(internalSql('sources'))
  return true
}
