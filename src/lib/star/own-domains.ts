import { fill } from '#lib/engine/fill.ts'
import { statementsOf, toObjects, type Connection } from '#lib/engine/connection.ts'
import type { ColumnName } from '#lib/schema/hit.ts'
import { fieldOf } from './star.ts'
import callInternal from './call-internal.sql?raw'
import forgetDomains from './forget-domains.sql?raw'
import learnDomains from './learn-domains.sql?raw'
import nameInternal from './name-internal.sql?raw'
import setDomains from './set-domains.sql?raw'

const named: readonly ColumnName[] = ['referrer', 'referrer_domain', 'referrer_kind', 'path', 'host']
const fields = Object.fromEntries(named.map((name) => [name, String(fieldOf(name))]))
const filled = (sql: string) => fill(sql, fields)

/** SQL: calls rows of a table with the columns of `sources` internal if their domain is known to be the site's own. */
export const internalSql = (table: string): string => fill(callInternal, { ...fields, table })

const knownSql = `SELECT
  (SELECT count(*) FROM own_domains)::DOUBLE AS domains,
  EXISTS (FROM words WHERE field = ${fieldOf('host')} AND id > 0) AS has_hosts`

/**
 * Finds the site's own domains among the referrers: those that its owner set and, in a log without hosts, those that the
 * requested pages suggest. Returns whether it found a new one. Then the sources of all hits may have changed.
 */
export async function findOwnDomains(
  connection: Connection,
  { own_domains: set = [] }: { own_domains?: readonly string[] }
): Promise<boolean> {
  const known = async () => {
    const answer = await connection.run(knownSql)
    return toObjects<{ domains: number; has_hosts: boolean }>(answer)[0]!
  }
  const { domains, has_hosts: hasHosts } = await known()
  if (!hasHosts) for (const sql of statementsOf(filled(learnDomains))) await connection.run(sql)
  if (set.length) await connection.run(filled(setDomains), [set.join(' ')])
  if ((await known()).domains === domains) return false
  await connection.run(filled(nameInternal))
  await connection.run(internalSql('sources'))
  return true
}

/** Forgets all own domains, so that a changed setting applies. */
export async function forgetOwnDomains(connection: Connection): Promise<void> {
  for (const sql of statementsOf(filled(forgetDomains))) await connection.run(sql)
}
