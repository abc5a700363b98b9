import { toObjects, type Connection } from '#lib/engine/connection.ts'
import type { Class } from './labelled.ts'

/** Visitors of one label that got the same verdict. */
export interface Judged {
  label: Class
  class: Class
  visitors: number
  hits: number
}

/** A rule's evidence on visitors of one label. */
export interface Fired {
  rule: string
  label: Class
  visitors: number
  weight: number
}

/** A visitor without a verdict counts as a person, as the page would count it. */
const judgedSql = `
  SELECT label, coalesce(class, 0) AS class, count(*) AS visitors, sum(hits)::BIGINT AS hits
  FROM labelled
  JOIN visitors USING (hash)
  JOIN (SELECT visitor, count(*) AS hits FROM hits GROUP BY visitor) USING (visitor)
  LEFT JOIN verdicts USING (visitor)
  GROUP BY ALL
`

const firedSql = `
  SELECT rule, label, count(DISTINCT visitor) AS visitors, avg(weight) AS weight
  FROM labelled JOIN visitors USING (hash) JOIN evidence USING (visitor)
  GROUP BY ALL
`

/** Compares the verdicts of the star with its labels. */
export async function compare(connection: Connection): Promise<{ judged: Judged[]; fired: Fired[] }> {
  return {
    judged: toObjects<Judged>(await connection.run(judgedSql)),
    fired: toObjects<Fired>(await connection.run(firedSql))
  }
}
