import { toObjects, type Connection } from '#lib/engine/connection.ts'
import type { OwnRule } from '#lib/schema/rulings.ts'
import { inLine, problemOf, readRefusal, typeSql, type Problem } from '#lib/verdict/condition.ts'

/** The engine tests so many visitors at once; the time is looked at in between. */
const piece = 2_048
/** Milliseconds that a rule may take for a million hits, and for few. */
const longest = { million: 1_000, few: 250 }

/** What is wrong with a condition: not one of visitors that are on the device. Not within a transaction. */
export async function checkCondition(connection: Connection, test: string): Promise<Problem | null> {
  const problem = problemOf(test)
  if (problem) return problem
  try {
    const { rows } = await connection.run(typeSql(test))
    const type = String(rows[0]?.[0])
    if (type === 'BOOLEAN') return null
    return { message: `The condition is a ${type}. It must be true or false.`, at: null }
  } catch (error) {
    return readRefusal(error, test)
  }
}

/** Empties the table that `applyRule` fills. */
export const ownEvidenceSql =
  'CREATE OR REPLACE TEMP TABLE own_evidence (visitor INTEGER, rule VARCHAR, weight INTEGER, hits INTEGER)'

/**
 * Adds a rule's evidence on the visitors in `seen` to `own_evidence`, or says why it adds none. A condition that can't
 * be tested for some visitor fails no transaction.
 */
export async function applyRule(
  connection: Connection,
  { name, weight, test }: OwnRule,
  clock: () => number = () => performance.now()
): Promise<string | null> {
  const [seen] = toObjects<{ visitors: number; hits: number }>(
    await connection.run('SELECT count(*) AS visitors, coalesce(sum(hits), 0)::DOUBLE AS hits FROM seen')
  )
  const start = clock()
  const most = Math.max(longest.few, (seen!.hits / 1_000_000) * longest.million)
  for (let from = 0; from < seen!.visitors; from += piece) {
    await connection.run(`
      INSERT INTO own_evidence
      SELECT visitor, '${name}', CASE WHEN holds THEN ${weight} END, hits::INTEGER
      FROM (
        SELECT visitor, hits, TRY(coalesce((${inLine(test)}), false)) AS holds
        FROM (FROM seen LIMIT ${piece} OFFSET ${from})
      )
      WHERE holds IS DISTINCT FROM false`)
    if (clock() - start > most)
      return leaveOut(connection, name, `It takes more than a second for a million requests.`)
  }
  const { rows } = await connection.run(
    `SELECT count(*)::DOUBLE FROM own_evidence WHERE rule = '${name}' AND weight IS NULL`
  )
  const failed = Number(rows[0]![0])
  return failed ? leaveOut(connection, name, `It fails for ${failed} of ${seen!.visitors} visitors.`) : null
}

async function leaveOut(connection: Connection, name: string, why: string): Promise<string> {
  await connection.run(`DELETE FROM own_evidence WHERE rule = '${name}'`)
  return why
}
