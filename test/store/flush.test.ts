import { describe, expect, it } from 'vitest'
import { columns } from '#lib/schema/hit.ts'
import { compact } from '../../workers/store/compaction.ts'
import { planCompactions } from '../../workers/store/compaction-plan.ts'
import { readCounters } from '../../workers/store/counters.ts'
import { flush } from '../../workers/store/flush.ts'
import { append, nextLogged } from '../../workers/store/log.ts'
import { candidates, readManifest } from '../../workers/store/manifest.ts'
import { setAside } from '../../workers/store/set-aside.ts'
import { readState, writeState } from '../../workers/store/state.ts'
import { unflushed } from '../../workers/store/unflushed.ts'
import { batch, enrich, enrichment, hit } from './hits.ts'
import { surroundings } from './memory.ts'
import { askParts } from './native.ts'

const hour = 3_600_000
const start = Date.parse('2026-11-19T20:00:00Z')

const minutely = (from: number, count: number, key: string | null = null) =>
  batch(
    Array.from({ length: count }, (_, i) => hit(from + i, start + (from + i) * 60_000)),
    { key, received: start }
  )

const spell: Partial<Record<string, string>> = { TIMESTAMP: 'epoch_ms(%)', UBIGINT: '%::varchar' }
const plain = columns.map(({ name, type }) => `${(spell[type] ?? '%').replace('%', name)} as ${name}`)
const allRows = `select ${plain.join(', ')} from parts order by seq`
const numbers = (row: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(row).map(([k, v]) => [k, typeof v === 'bigint' ? Number(v) : v]))

describe('flush', () => {
  it('writes one part a UTC day whose rows native DuckDB reads as they were sent', async () => {
    const { around, storage, bucket } = surroundings()
    append(storage, minutely(0, 500))
    const change = await flush(around, enrich)
    expect(change?.added.map((part) => [part.day, part.rows])).toEqual([
      ['2026-11-19', 240],
      ['2026-11-20', 260]
    ])
    const rows = await askParts(
      [...bucket.objects.values()].map((object) => object.bytes),
      allRows
    )
    const wanted = Array.from({ length: 500 }, (_, i) => {
      const sent = hit(i, start + i * 60_000)
      const { visitor, ...enriched } = enrichment(sent)
      return { ...sent, ...enriched, visitor: String(visitor), seq: i }
    })
    expect(rows.map(numbers)).toEqual(wanted)
  })

  it('stores parts under hive-style keys', async () => {
    const { around, storage, bucket } = surroundings()
    append(storage, minutely(0, 2))
    await flush(around, enrich)
    expect([...bucket.objects.keys()][0]).toMatch(
      /^site=example\/year=2026\/month=11\/day=19\/part\d{12}\.parquet$/
    )
  })

  it('answers and counts a batch with a known key as duplicates, and stores nothing twice', () => {
    const { storage } = surroundings()
    expect(append(storage, minutely(0, 20, 'k'))).toMatchObject({ accepted: 20, known: false })
    const again = { received: 20, accepted: 0, duplicate: 20, rejected: 0, known: true }
    expect(append(storage, minutely(0, 20, 'k'))).toEqual(again)
    expect(Object.fromEntries(readCounters(storage))).toEqual({ accepted: 20, duplicate: 20 })
    expect(unflushed(storage).rows).toBe(20)
  })

  it('answers a call that the Worker repeats as the first one, and counts it once', () => {
    const { storage } = surroundings()
    const call = { ...minutely(0, 20, 'k'), delivery: 'one' }
    const first = append(storage, call)
    expect(first).toEqual({ received: 20, accepted: 20, duplicate: 0, rejected: 0, known: false })
    expect(append(storage, call)).toEqual(first)
    expect(readCounters(storage).get('duplicate') ?? 0).toBe(0)
    expect(append(storage, { ...call, delivery: 'two' })).toMatchObject({ accepted: 0, duplicate: 20 })
  })

  it('leaves the log alone when the bucket is away, and catches up after', async () => {
    const { around, storage, bucket } = surroundings()
    append(storage, minutely(0, 100))
    const put = bucket.put
    bucket.put = async () => {
      throw new Error('bucket is away')
    }
    await expect(flush(around, enrich)).rejects.toThrow('bucket is away')
    expect(unflushed(storage).rows).toBe(100)
    expect(readManifest(storage, 'example').parts).toEqual([])
    bucket.put = put
    await flush(around, enrich)
    expect(unflushed(storage).rows).toBe(0)
    expect(readManifest(storage, 'example').parts.reduce((sum, part) => sum + part.rows, 0)).toBe(100)
  })

  it('puts a row of the log that cannot be built into quarantine and goes on', async () => {
    const { around, storage } = surroundings()
    append(storage, minutely(0, 10))
    append(storage, { ...minutely(10, 10), rows: [{ rows: 10, hits: new Uint8Array([1, 2, 3]) }] })
    append(storage, minutely(20, 10))
    for (let i = 0; i < 60 && unflushed(storage).rows; i++) await flush(around, enrich).catch(() => {})
    expect(readManifest(storage, 'example').parts.reduce((sum, part) => sum + part.rows, 0)).toBe(20)
    expect(storage.sql('select reason from quarantine')).toEqual([{ reason: 'flush' }])
  })

  it('gives up what it built when another flush committed the same stretch meanwhile', async () => {
    const { around, storage } = surroundings()
    append(storage, minutely(0, 10))
    const late = await flush(around, async () => {
      await flush(around, enrich)
      append(storage, minutely(10, 10))
      return enrich()
    })
    expect(late).toBeNull()
    await flush(around, enrich)
    expect(readManifest(storage, 'example').parts.map(({ rows }) => rows)).toEqual([10, 10])
  })

  it('makes at most 64 parts at a time of a batch that touches 100 days', async () => {
    const { around, storage } = surroundings()
    const day = 24 * hour
    append(storage, batch(Array.from({ length: 200 }, (_, i) => hit(i, start - (i % 100) * day))))
    const counts: number[] = []
    while (unflushed(storage).rows) counts.push((await flush(around, enrich))!.added.length)
    expect(Math.max(...counts)).toBeLessThanOrEqual(64)
    const { parts } = readManifest(storage, 'example')
    expect(parts.reduce((sum, { rows }) => sum + rows, 0)).toBe(200)
    // A day is not torn apart.
    expect(new Set(parts.map((part) => part.day)).size).toBe(parts.length)
  })

  it('flushes many small batches of one day together', async () => {
    const { around, storage } = surroundings()
    for (let i = 0; i < 200; i++) append(storage, batch([hit(i, start + i)]))
    expect((await flush(around, enrich))?.added.map(({ rows }) => rows)).toEqual([200])
  })

  it('does not set a row aside that somebody else has got past', () => {
    const { around, storage } = surroundings()
    append(storage, minutely(0, 10))
    const [row] = nextLogged(storage, 1)
    writeState(storage, 'flushed', 5)
    setAside(around, row!, new Error('late'))
    expect(readState(storage, 'flushed')).toBe(5)
    expect(storage.sql('select raw from quarantine')).toEqual([])
  })

  it('finds a bad row among many by halves, after two tries that fail', async () => {
    const { around, storage } = surroundings()
    for (let i = 0; i < 300; i++)
      append(
        storage,
        i === 200 ? { ...minutely(i, 1), rows: [{ rows: 1, hits: new Uint8Array(3) }] } : minutely(i, 1)
      )
    const failed: unknown[] = []
    let flushes = 0
    for (; flushes < 60 && unflushed(storage).rows; flushes++)
      await flush(around, enrich).catch((error: unknown) => failed.push(error))
    expect(failed).toHaveLength(2)
    expect(flushes).toBeLessThan(20)
    expect(readManifest(storage, 'example').parts.reduce((sum, part) => sum + part.rows, 0)).toBe(299)
    expect(storage.sql('select raw from quarantine')).toHaveLength(1)
  })
})

describe('compaction', () => {
  it('merges a finished day into one part with the same rows, by time', async () => {
    const { around, storage, bucket, clock } = surroundings(start)
    for (let i = 0; i < 12; i++) {
      append(storage, minutely(i * 60, 60))
      await flush(around, enrich)
    }
    const before = await askParts(
      [...bucket.objects.values()].map((object) => object.bytes),
      allRows
    )
    clock.now = Date.parse('2026-11-23T00:00:00Z')
    for (const compaction of planCompactions(candidates(storage), clock.now))
      await compact(around, compaction)
    const { parts } = readManifest(storage, 'example')
    expect(parts.map((part) => [part.day, part.rows, part.ranges])).toEqual([
      ['2026-11-19', 240, [{ from: 0, to: 4 }]],
      ['2026-11-20', 480, [{ from: 4, to: 12 }]]
    ])
    const live = parts.map((part) => [...bucket.objects].find(([key]) => key.includes(part.id))![1].bytes)
    expect(await askParts(live, allRows)).toEqual(before)
    const times = await askParts([live[1]!], 'select epoch_ms(time) as t from parts')
    expect(times.map((row) => row.t)).toEqual(times.map((row) => row.t).sort())
  })

  it('gives up when a parent was replaced meanwhile', async () => {
    const { around, storage, clock } = surroundings(start)
    for (let i = 0; i < 2; i++) {
      append(storage, minutely(i * 10, 10))
      await flush(around, enrich)
    }
    clock.now += 96 * hour
    const [plan] = planCompactions(candidates(storage), clock.now)
    expect(await compact(around, plan!)).not.toBeNull()
    expect(await compact(around, plan!)).toBeNull()
    expect(readManifest(storage, 'example').parts).toHaveLength(1)
  })

  it('refuses a parent whose bytes are not what the manifest says', async () => {
    const { around, storage, bucket, clock } = surroundings(start)
    for (let i = 0; i < 2; i++) {
      append(storage, minutely(i * 10, 10))
      await flush(around, enrich)
    }
    const [[key]] = [...bucket.objects] as [[string, never]]
    bucket.objects.delete(key)
    clock.now += 96 * hour
    const [plan] = planCompactions(candidates(storage), clock.now)
    await expect(compact(around, plan!)).rejects.toThrow('is missing in the bucket')
    expect(readManifest(storage, 'example').parts).toHaveLength(2)
  })
})
