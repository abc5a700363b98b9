import type { Connection } from '#lib/engine/connection.ts'

/**
 * Judges every visitor of the star. Afterwards there are `verdicts(visitor, class, kind)`, where a class is 0 for a
 * person, 1 for a bot and 2 for a suspicious visitor, and `evidence(visitor, rule, weight, hits)`.
 *
 * Until the judge is there, a visitor is a bot if one of its hits is.
 */
export async function judge(connection: Connection): Promise<void> {
  await connection.run(`
    CREATE TABLE verdicts AS
    SELECT visitor, bool_or(is_bot)::UTINYINT AS class, NULL::VARCHAR AS kind FROM hits GROUP BY visitor;
    CREATE TABLE evidence AS
    SELECT visitor, 'is_bot' AS rule, 1::DOUBLE AS weight, count(*)::INTEGER AS hits
    FROM hits WHERE is_bot GROUP BY visitor
  `)
}
