import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toObjects, type Connection } from '../../src/lib/engine/connection.ts'
import { Store } from '../../src/lib/device/store.ts'
import {
  applyChange,
  disjointRuns,
  partsNotHeld,
  planBatches,
  planSync,
  tallyOf,
  type Held
} from '../../src/lib/device/sync.ts'
import { columns, seqsPerPosition } from '../../src/lib/schema/hit.ts'
import type { Part } from '../../src/lib/schema/manifest.ts'
import type { RowGroup } from '../../src/lib/star/merge.ts'
import { decoded, rowGroupOf } from '../star/incoming.ts'
import { openNative } from '../engine/native.ts'
import { amount } from '../amounts.ts'
import { fieldOf } from '../../src/lib/star/star.ts'
import { days, firstDay, randomOf, Site, type Row } from './site.ts'

const part = (id: string, from: number, to: number, more: Partial<Part> = {}): Part => ({
  id,
  day: '2026-11-20',
  ranges: [{ from, to }],
  revision: 0,
  rows: 10,
  bytes: 100,
  sha256: '',
  min_time: 0,
  max_time: from,
  ...more
})
const held = (from: number, to: number, revision = 0): Held => ({
  day: '2026-11-20',
  from,
  to,
  revision,
  part: 'p'
})
const day = { from: firstDay, to: firstDay + 86_400_000 }
const plan = (holding: Held[], parts: Part[], cached: string[] = []) =>
  planSync(holding, cached, { site: 's', version: 1, parts }, day)
const idsOf = (parts: readonly Part[]) => parts.map(({ id }) => id)

describe('planSync', () => {
  test('skips a part whose parents are held', () => {
    expect(plan([held(0, 2), held(2, 5)], [part('merged', 0, 5)]).fetch).toEqual([])
  })

  test('fetches a part of which a stretch is missing, or held at another revision', () => {
    expect(idsOf(plan([held(0, 2)], [part('merged', 0, 5)]).fetch)).toEqual(['merged'])
    expect(idsOf(plan([held(0, 2), held(2, 5)], [part('merged', 0, 5, { revision: 1 })]).fetch)).toEqual([
      'merged'
    ])
  })

  test('takes the newest first, and only the days of the range', () => {
    const parts = [part('old', 0, 1), part('new', 2, 3), part('tomorrow', 3, 4, { day: '2026-11-21' })]
    expect(idsOf(plan([], parts).fetch)).toEqual(['new', 'old'])
  })

  test('drops what no part vouches for, on any day, but not what is about to be replaced', () => {
    const yesterday = { ...held(0, 3), day: '2026-11-19' }
    const parts = [part('rewritten', 0, 2, { revision: 1 })]
    expect(plan([held(0, 2), held(4, 6), yesterday], parts).drop).toEqual([
      { day: '2026-11-20', ranges: [{ from: 4, to: 6 }] },
      { day: '2026-11-19', ranges: [{ from: 0, to: 3 }] }
    ])
  })

  test('drops hits of another revision outside the range on screen', () => {
    const other = part('rewritten', 0, 2, { revision: 1, day: '2026-11-19' })
    expect(plan([{ ...held(0, 2), day: '2026-11-19' }], [other])).toMatchObject({
      fetch: [],
      drop: [{ day: '2026-11-19', ranges: [{ from: 0, to: 2 }] }]
    })
  })

  test('forgets cached parts that are not in the manifest', () => {
    expect(plan([], [part('a', 0, 1)], ['a', 'b']).forget).toEqual(['b'])
  })

  test('stops at the limits, and what is missing then is told', () => {
    const parts = [part('a', 0, 1), part('b', 1, 2), part('c', 2, 3)]
    const manifest = { site: 's', version: 1, parts }
    const { fetch } = planSync([], [], manifest, day, { rows: 20, bytes: 1e9 })
    const missing = partsNotHeld([held(1, 3)], manifest, day)
    expect([idsOf(fetch), idsOf(missing)]).toEqual([['c', 'b'], ['a']])
  })
})

test('what of a range is not on the device is told by parts, rows, bytes and days', () => {
  const parts = [
    part('here', 0, 2),
    part('left', 2, 5),
    part('rewritten', 5, 6, { revision: 1 }),
    part('tomorrow', 6, 7, { day: '2026-11-21' })
  ]
  const left = partsNotHeld([held(0, 3), held(5, 6)], { site: 's', version: 1, parts }, day)
  expect(idsOf(left)).toEqual(['rewritten', 'left'])
  expect(tallyOf(left)).toEqual({ parts: 2, rows: 20, bytes: 200, days: ['2026-11-20'] })
})

test('planBatches loads the newest first, then small parts together', () => {
  const parts = [10, 60_000, 400_000, 90_000, 20_000, 10].map((rows, i) => part(`${i}`, i, i + 1, { rows }))
  expect(planBatches(parts).map(idsOf)).toEqual([['0', '1'], ['2'], ['3', '4', '5']])
  expect(planBatches([parts[1]!, parts[4]!, parts[0]!]).map(idsOf)).toEqual([['1', '4', '0']])
})

test('disjointRuns splits where a part replaces hits of an earlier one', () => {
  const parts = [
    part('a', 0, 2),
    part('b', 2, 4),
    part('tomorrow', 0, 2, { day: '2026-11-21' }),
    part('over b', 3, 5),
    part('over a', 1, 2),
    part('over both', 0, 3)
  ]
  expect(disjointRuns(parts).map(idsOf)).toEqual([
    ['a', 'b', 'tomorrow'],
    ['over b', 'over a'],
    ['over both']
  ])
})

test('applyChange follows the next version only', () => {
  const manifest = { site: 's', version: 4, parts: [part('a', 0, 1), part('b', 1, 2)] }
  const change = { version: 5, added: [part('c', 0, 2)], removed: ['a', 'b'] }
  expect(applyChange(manifest, change)).toEqual({ site: 's', version: 5, parts: change.added })
  expect(applyChange(manifest, { ...change, version: 6 })).toBeNull()
})

describe('histories of a device', () => {
  let connection: Connection
  beforeAll(async () => {
    connection = await openNative()
  })
  afterAll(() => connection.close())

  test('leave on the device what the manifest says', { timeout: 300_000 }, async () => {
    for (let seed = 0; seed < amount('histories of a device'); seed++) await live(seed, connection)
  })
})

const tables = ['hits', 'clients', 'sources', 'visitors', 'words', 'routes', 'held', 'rolled', 'made_by']

/** One device, whose tables are made anew, follows one site through a history. */
async function live(seed: number, connection: Connection) {
  await connection.run('DROP VIEW IF EXISTS flat')
  for (const table of tables) await connection.run(`DROP TABLE IF EXISTS ${table}`)
  const random = randomOf(seed)
  const site = new Site(random)
  let store = new Store(connection)
  await store.open('test')
  for (let step = 0; step < 9; step++) {
    const act = random.pick([
      'flush',
      'flush',
      'flush',
      'compact',
      'compact',
      'rewrite',
      'expire',
      'restore',
      'sync',
      'reopen'
    ])
    if (act === 'sync') await followed(site, store, connection, random, `seed ${seed}, step ${step}`)
    else if (act === 'reopen') await (store = new Store(connection)).open('test')
    else site[act as 'flush']()
  }
  await followed(site, store, connection, random, `seed ${seed}, end`)
}

async function followed(
  site: Site,
  store: Store,
  connection: Connection,
  random: ReturnType<typeof randomOf>,
  at: string
) {
  const from = firstDay + random.below(days) * 86_400_000
  const want = { from, to: from + (1 + random.below(days)) * 86_400_000 }
  if (random.below(2)) await cutOff(site, store, connection, random, want, at)
  const rest = planSync(store.held, [], site.manifest, want)
  await store.drop(rest.drop)
  const most = 1 + random.below(20)
  await store.load(rest.fetch, (parts) => decoded(groupsOf(site, parts, null), most))
  await check(site, connection, at, want)
  expect(planSync(store.held, [], site.manifest, want), at).toMatchObject({ fetch: [], drop: [] })
}

/** A sync that some parts do not survive, or that stops at a limit. */
async function cutOff(
  site: Site,
  store: Store,
  connection: Connection,
  random: ReturnType<typeof randomOf>,
  want: { from: number; to: number },
  at: string
) {
  const rows = random.below(4) ? Infinity : random.below(20)
  const { fetch, drop } = planSync(store.held, [], site.manifest, want, { rows, bytes: Infinity })
  await store.drop(drop)
  const parts = fetch.filter(() => random.below(5))
  while (parts.length) {
    const batch = parts.splice(0, 1 + random.below(3))
    const failure = random.below(6) ? null : new Error('cut off')
    const most = 1 + random.below(20)
    await store
      .load(batch, (parts) => decoded(groupsOf(site, parts, failure), most))
      .catch((error) => {
        if (error !== failure) throw error
      })
  }
  await checkHeld(site, connection, at)
}

/** Two row groups a part; of the last part the second cannot be read if there is a failure. */
function groupsOf(site: Site, parts: readonly Part[], failure: Error | null): RowGroup[] {
  const groups = parts.flatMap((part) => {
    const rows = site.rows.get(part.id)!.map(asHit)
    return [rows.slice(0, 2), rows.slice(2)].map((some) => rowGroupOf(some, columnsOf(part)))
  })
  const fail = () => {
    throw failure
  }
  return failure ? groups.with(-1, { rows: groups.at(-1)!.rows, read: fail }) : groups
}

/** As a part of today's schema has them, or one of an older. */
const columnsOf = ({ id }: Part) =>
  id.endsWith('0') ? ['seq', 'time', 'path', 'ip', 'visitor'] : columns.map(({ name }) => name)

/** What a hit shares with others, so that words come and go with it. */
const asHit = (row: Row) => ({
  ...row,
  ip: `192.0.2.${row.seq % 7}`,
  visitor: row.seq % 5,
  referrer: row.path
})

/** Also when a sync was cut off, the hits are those of the parts that `held` names, no more and no less. */
async function checkHeld(site: Site, connection: Connection, at: string) {
  const held = toObjects<Held>(
    await connection.run('SELECT *, range_from AS "from", range_to AS "to" FROM held')
  )
  const rows = held.flatMap(({ part, from, to }) =>
    site.rows.get(part)!.filter(({ seq }) => seq >= from * seqsPerPosition && seq < to * seqsPerPosition)
  )
  const found = toObjects<Row>(await connection.run('SELECT seq, time, path FROM flat ORDER BY seq'))
  expect(found, at).toEqual(rows.toSorted((a, b) => a.seq - b.seq))
  await checkWords(connection, at)
}

/** Each text that a hit has is there once, and no other. */
async function checkWords(connection: Connection, at: string) {
  const { rows } = await connection.run(`
    SELECT 'path', word FROM words WHERE id > 0 AND field = ${fieldOf('path')}
    UNION ALL SELECT 'referrer', word FROM words WHERE id > 0 AND field = ${fieldOf('referrer')}
    UNION ALL SELECT 'ip', word FROM words WHERE id > 0 AND field = ${fieldOf('ip')}
    UNION ALL SELECT 'visitor', hash::VARCHAR FROM visitors WHERE visitor > 0
    UNION ALL SELECT 'route', word FROM words WHERE id > 0 AND field = ${fieldOf('route')}
    ORDER BY ALL`)
  const wanted = await connection.run(`
    SELECT DISTINCT name, word
    FROM (SELECT path, referrer, ip, visitor::VARCHAR AS visitor, route_of(path) AS route FROM flat)
    UNPIVOT (word FOR name IN (path, referrer, ip, visitor, route))
    ORDER BY ALL`)
  expect(rows, at).toEqual(wanted.rows)
}

/** Nothing stale or twice anywhere; of the days wanted, everything. */
async function check(site: Site, connection: Connection, at: string, want: { from: number; to: number }) {
  const live = new Map(site.parts.flatMap(({ id }) => site.rows.get(id)!).map((row) => [row.seq, row]))
  const found = toObjects<Row>(await connection.run('SELECT seq, time, path FROM flat ORDER BY seq'))
  expect(found, at).toEqual(found.map(({ seq }) => live.get(seq)))
  expect(new Set(found.map(({ seq }) => seq)).size, at).toBe(found.length)
  const wanted = [...live.values()].filter((row) => row.time >= want.from && row.time < want.to)
  const have = new Set(found.map(({ seq }) => seq))
  expect(
    wanted.filter(({ seq }) => !have.has(seq)),
    at
  ).toEqual([])
}
