import { expect, onTestFinished, test } from 'vitest'
import { Store } from '../../src/lib/device/store.ts'
import { toObjects } from '../../src/lib/engine/connection.ts'
import { seqsPerPosition } from '../../src/lib/schema/hit.ts'
import { visitGap } from '../../src/lib/star/visits.ts'
import { declared } from '../device/declared.ts'
import { randomOf } from '../device/site.ts'
import { openNative } from '../engine/native.ts'
import { openWasm } from '../engine/node-engine.ts'
import { partOf, start } from '../panels/rolled-copy.ts'
import { decoded, rowGroupOf, type Row } from './incoming.ts'

const minute = 60_000
const day = 86_400_000
const random = randomOf(23)

/** Hits of one log position, whose times are anywhere in a stretch of the day. */
function hitsOf(position: number, count: number, at: number, length: number): Row[] {
  return Array.from({ length: count }, (_, i) => ({
    seq: position * seqsPerPosition + i,
    kind: random.below(10) ? 'request' : 'error',
    time: Math.min(at + random.below(length), start + day - 1),
    visitor: 1 + random.below(25),
    is_bot: false,
    is_asset: false,
    shape: 'combined'
  }))
}

/** The visits of hits, each as the `seq` of its hits. */
function visitsOf(hits: readonly Row[]): string[] {
  const visits: string[] = []
  for (const ofOne of Map.groupBy(hits, ({ visitor }) => visitor).values()) {
    let visit: number[] = []
    let last = -Infinity
    const flush = () => visit.length && visits.push(visit.toSorted((a, b) => a - b).join())
    for (const { seq, time, kind } of ofOne.toSorted((a, b) => Number(a.time) - Number(b.time))) {
      if (kind !== 'request') continue
      if (Number(time) - last > visitGap) {
        flush()
        visit = []
      }
      visit.push(Number(seq))
      last = Number(time)
    }
    flush()
  }
  return visits.toSorted()
}

test.each([
  ['native DuckDB', openNative, 24],
  ['the page’s engine', openWasm, 8]
])(
  'a hit has the number of its visit, whatever was loaded and deleted, on %s',
  { timeout: 120_000 },
  async (_, open, positions) => {
    const connection = await open()
    onTestFinished(() => connection.close())
    const store = new Store(connection, declared)
    await store.open('test')
    const held = new Map<number, Row[]>()
    const check = async () => {
      const found = await connection.run(
        'SELECT list(seq ORDER BY seq) AS hits FROM hits WHERE is_request GROUP BY visit'
      )
      const visits = toObjects<{ hits: number[] }>(found).map(({ hits }) => hits.join())
      expect(visits.toSorted()).toEqual(visitsOf([...held.values()].flat()))
      const others = await connection.run('SELECT count(*) AS n FROM hits WHERE is_request <> (visit > 0)')
      expect(toObjects(others)).toEqual([{ n: 0 }])
    }
    const load = (positions: readonly number[], most = 1) => {
      const parts = positions.map((position) => partOf(start, position, held.get(position)!.length))
      return store.load(parts, (run) =>
        decoded(
          run.map((part) => rowGroupOf(held.get(part.ranges[0]!.from)!)),
          most
        )
      )
    }

    // A day in large parts, then live ones that are late or fill a pause.
    for (let position = 1; position <= 3; position++)
      held.set(
        position,
        hitsOf(position, 200, start + position * 240 * minute, 300 * minute).toSorted(
          (a, b) => Number(a.time) - Number(b.time)
        )
      )
    await load([1, 2, 3], 500)
    await check()
    for (let position = 4; position <= positions; position++) {
      held.set(position, hitsOf(position, 12, start + random.below(1_400) * minute, 60 * minute))
      await load([position])
      await check()
    }
    // A revision without some of its hits, and parts that are gone.
    for (let round = 0; round < positions / 2; round++) {
      const position = 1 + random.below(positions)
      const rows = held.get(position)
      if (!rows) continue
      if (round % 3) {
        held.set(
          position,
          rows.filter(() => random.below(4) > 0)
        )
        await load([position])
      } else {
        held.delete(position)
        await store.drop([
          { day: partOf(start, position, 0).day, ranges: [{ from: position, to: position + 1 }] }
        ])
      }
      await check()
    }
  }
)
