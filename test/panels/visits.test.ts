import { expect, onTestFinished, test } from 'vitest'
import { quarterOfDay, quarterOfHour, type Measure } from '../../src/lib/ask/measure.ts'
import { Query } from '../../src/lib/ask/query.ts'
import { Store } from '../../src/lib/device/store.ts'
import { fill } from '../../src/lib/engine/fill.ts'
import { panels } from '../../src/lib/panels/ledger.ts'
import { ofTab, visits } from '../../src/lib/panels/measures/measures.ts'
import { seqsPerPosition } from '../../src/lib/schema/hit.ts'
import { declared } from '../device/declared.ts'
import { randomOf } from '../device/site.ts'
import { openNative } from '../engine/native.ts'
import { decoded, rowGroupOf, type Row } from '../star/incoming.ts'
import { columnsOf } from './hits.ts'
import { day, partOf, start } from './rolled-copy.ts'

const random = randomOf(41)

/** Hits of visitors of a day, who come back now and then. */
const hitsOf = (position: number, at: number, count: number): Row[] =>
  Array.from({ length: count }, (_, i) => {
    const visitor = random.below(30)
    return {
      seq: position * seqsPerPosition + i,
      ...columnsOf(random),
      time: at + Math.floor((random.below(12) / 12) * day) + random.below(3_600_000),
      path: `/${random.below(9)}`,
      query: random.pick([null, 'utm_source=a&utm_medium=b', 'utm_campaign=c&utm_source=d']),
      method: random.pick(['GET', 'GET', 'POST']),
      is_bot: visitor % 5 === 0,
      visitor: (at / day) * 100 + visitor
    }
  })

/** The same hits with a visit that is found in them: a pause of half an hour ends it. */
const sought = (hits: string) => `(
  SELECT * REPLACE (sum(starts::INTEGER) OVER (PARTITION BY visitor ORDER BY time, seq) AS visit)
  FROM (
    SELECT *, coalesce(epoch_ms(time) - lag(epoch_ms(time)) OVER w > 1800000, true) AS starts
    FROM ${hits}
    WINDOW w AS (PARTITION BY visitor ORDER BY time, seq)
  )
) AS hit`

const tabs = panels.flatMap(({ tabs }) => tabs).filter(({ page }) => page)
const measured: Measure[] = [visits, ...tabs.map(ofTab)]

test(
  'visits that hits were loaded with are those that a question would find',
  { timeout: 60_000 },
  async () => {
    const connection = await openNative()
    onTestFinished(() => connection.close())
    const store = new Store(connection, declared)
    await store.open('test')
    let position = 0
    const load = async (at: number, count: number) => {
      const part = partOf(at, ++position, count)
      await store.load([part], () => decoded([rowGroupOf(hitsOf(position, at, count))]))
    }
    for (const at of [start, start + day]) await load(at, 400)
    for (let i = 0; i < 12; i++) await load(start + random.below(2) * day, 20)

    const query = new Query(connection)
    for (const traffic of ['people', 'bots'] as const) {
      await query.select({ from: start + day / 3, to: start + 1.8 * day, traffic, clauses: [] })
      const hits = `(SELECT * FROM selected('', 'now')) AS hit`
      for (const measure of measured)
        for (const at of [quarterOfHour, quarterOfDay]) {
          const ask = (hits: string) =>
            query.ask(`FROM (${fill(measure.sql, { hits, at: at.of })}) ORDER BY ALL`)
          const expected = await ask(sought(hits))
          expect(await ask(hits), measure.name).toEqual(expected)
          expect(expected.length).toBeGreaterThan(1)
        }
    }
  }
)
