import { describe, expect, it } from 'vitest'
import { countErasure, erase, requestErasure, waitingErasures } from '../../workers/store/erase.ts'
import { flush } from '../../workers/store/flush.ts'
import { collect, nextCollection, sweep } from '../../workers/store/garbage.ts'
import { append, refuseWhenFull } from '../../workers/store/log.ts'
import { nextSettled, settle } from '../../workers/store/mend.ts'
import { findPart, readManifest } from '../../workers/store/manifest.ts'
import {
  boundQuarantine,
  countQuarantined,
  findQuarantined,
  readQuarantine,
  release
} from '../../workers/store/quarantine.ts'
import { expire, nextExpiry, planExpiry } from '../../workers/store/retention.ts'
import { readCounters } from '../../workers/store/counters.ts'
import { writeState } from '../../workers/store/state.ts'
import { work } from '../../workers/store/work.ts'
import { batch, enrich, enrichment, hit } from './hits.ts'
import { noon, surroundings } from './memory.ts'
import { askParts } from './native.ts'

const hour = 3_600_000
const day = 24 * hour

const hitsOf = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ ...hit(i, from + i * 1_000), request_id: `id ${from} ${i}` }))

async function filled() {
  const surrounded = surroundings(noon)
  for (const days of [3, 2, 1, 0]) {
    append(surrounded.storage, batch(hitsOf(noon - days * day, 300)))
    await flush(surrounded.around, enrich)
  }
  return surrounded
}

const days = (surrounded: ReturnType<typeof surroundings>) =>
  readManifest(surrounded.storage, 'example').parts.map((part) => part.day)

describe('retention', () => {
  it('is for ever unless days are set', () => {
    expect(planExpiry([{ day: '1999-01-01' }], null, noon)).toEqual([])
  })

  it('lets whole days go and counts their rows', async () => {
    const surrounded = await filled()
    const { around, storage, clock } = surrounded
    writeState(storage, 'retention_days', 1)
    expect(expire(around)?.removed).toHaveLength(2)
    expect(days(surrounded)).toEqual(['2026-11-20', '2026-11-21'])
    expect(expire(around)).toBeNull()
    expect(readCounters(storage).get('expired')).toBe(600)
    clock.now = nextExpiry(storage)! - 1
    expect(expire(around)).toBeNull()
    clock.now++
    expect(expire(around)?.removed).toHaveLength(1)
  })

  it('counts hits that come too late, and keeps the others of their batch', async () => {
    const surrounded = surroundings(noon)
    const { around, storage } = surrounded
    writeState(storage, 'retention_days', 1)
    append(storage, batch([...hitsOf(noon - 5 * day, 20), ...hitsOf(noon, 10)]))
    append(storage, batch(hitsOf(noon - 6 * day, 5)))
    expect((await flush(around, enrich))?.added.map((part) => part.rows)).toEqual([10])
    expect(readCounters(storage).get('expired')).toBe(25)
  })
})

describe('garbage', () => {
  it('stays for a day, so that a reader of the old manifest finds it, and its name for 35', async () => {
    const { around, storage, bucket, clock } = await filled()
    writeState(storage, 'retention_days', 1)
    const [id] = expire(around)!.removed as [string]
    clock.now += day - 1
    expect(await collect(around)).toBe(0)
    expect(findPart(storage, id)).not.toBeNull()
    clock.now++
    expect(nextCollection(storage)).toBeLessThanOrEqual(clock.now)
    expect(await collect(around)).toBe(2)
    expect(bucket.objects.size).toBe(2)
    expect(findPart(storage, id)).toBeNull()
    clock.now += 35 * day
    expect(storage.sql('select id from part where id = ?', id)).toHaveLength(1)
    await collect(around)
    expect(storage.sql('select id from part where id = ?', id)).toHaveLength(0)
  })

  it('without a part is only counted at first, and deleted a week later', async () => {
    const { around, storage, bucket, clock } = await filled()
    const key = 'site=example/year=2026/month=11/day=19/orphanorphanorph.parquet'
    await bucket.put(key, new Uint8Array(3), '')
    clock.now += 2 * day
    await bucket.put(key.replace('orphano', 'youngon'), new Uint8Array(3), '')
    expect(await sweep(around)).toBe(1)
    expect(await sweep(around)).toBeNull()
    expect(bucket.objects.has(key)).toBe(true)
    clock.now += 7 * day
    expect(await sweep(around)).toBe(2)
    expect(bucket.objects.size).toBe(4)
    expect(storage.sql(`select value from state where name = 'orphans'`)).toEqual([{ value: 2 }])
  })

  it('is what an attempt announced that ended, though nothing is left to try', async () => {
    const { around, storage, bucket, clock } = await filled()
    const [part] = readManifest(storage, 'example').parts
    storage.sql(`update part set state = 'pending', step = 'compact' where id = ?`, part!.id)
    const watch = { isWatched: false, pace: { flushed: -Infinity }, tell: () => {} }
    await work(around, enrich, watch)
    clock.now += day
    await work(around, enrich, watch)
    expect(storage.sql('select state from part where id = ? and deleted is not null', part!.id)).toHaveLength(
      1
    )
    expect([...bucket.objects.keys()].some((key) => key.includes(part!.id))).toBe(false)
  })

  it('is not what a slow writer announced long ago', async () => {
    const { around, storage, bucket, clock } = await filled()
    const [part] = readManifest(storage, 'example').parts
    storage.sql(`update part set state = 'pending' where id = ?`, part!.id)
    await sweep(around)
    clock.now += 30 * day
    expect(await sweep(around)).toBe(0)
    expect(bucket.objects.size).toBe(4)
  })

  it('that lands late under the name of a deleted part is found by the sweep', async () => {
    const { around, storage, bucket, clock } = await filled()
    await sweep(around)
    writeState(storage, 'retention_days', 2)
    const late = [...bucket.objects][0]!
    expire(around)
    clock.now += 2 * day
    await collect(around)
    bucket.objects.set(...late)
    clock.now += 7 * day
    expect(await sweep(around)).toBe(1)
    expect(bucket.objects.has(late[0])).toBe(false)
  })
})

describe('erase', () => {
  const count = async (surrounded: ReturnType<typeof surroundings>, where: string) => {
    const parts = readManifest(surrounded.storage, 'example').parts
    const bytes = parts.map(
      ({ id }) => [...surrounded.bucket.objects].find(([key]) => key.includes(id))![1].bytes
    )
    const [row] = await askParts(bytes, `select count(*)::int as n from parts where ${where}`)
    return row!.n
  }

  it.each([
    ['ip', '203.0.113.7', `ip = '203.0.113.7'`],
    ['path', hit(3, 0).path!, `path like '/p/3/%'`],
    [
      'visitor',
      String(enrichment(hit(0, noon + 5_000)).visitor),
      `visitor = ${enrichment(hit(0, noon + 5_000)).visitor}`
    ]
  ] as const)('by %s rewrites the parts it touches and nothing else', async (by, value, where) => {
    const surrounded = await filled()
    const { around, storage } = surrounded
    const before = (await count(surrounded, where)) as number
    expect(before).toBeGreaterThan(0)
    const counted = await countErasure(around, { by, value }, '')
    expect([counted.days.reduce((sum, { hits }) => sum + hits, 0), counted.next]).toEqual([before, null])
    requestErasure(storage, { by, value }, noon)
    expect(await erase(around)).toBe(true)
    expect([await count(surrounded, where), await count(surrounded, 'true')]).toEqual([0, 1_200 - before])
    expect(readCounters(storage).get('erased')).toBe(before)
    expect(waitingErasures(storage)).toEqual([])
    for (const part of readManifest(storage, 'example').parts)
      expect(part.revision).toBe(part.rows < 300 ? 1 : 0)
  })

  it('counts some days at a time, and each hit once', async () => {
    const { around, storage } = await filled()
    for (let days = 1; days <= 40; days++) {
      append(storage, batch(hitsOf(noon + days * day, 20)))
      await flush(around, enrich)
    }
    append(storage, batch(hitsOf(noon + 41 * day, 20)))
    const order = { by: 'ip', value: '203.0.113.7' } as const
    const answers = [await countErasure(around, order, '')]
    for (let next = answers[0]!.next; next !== null; next = answers.at(-1)!.next)
      answers.push(await countErasure(around, order, next))
    expect(answers.length).toBe(2)
    expect(answers.at(-1)!.unflushed).toBe(20)
    const found = answers.flatMap(({ days }) => days)
    expect(new Set(found.map(({ day }) => day)).size).toBe(found.length)
    requestErasure(storage, order, noon)
    await flush(around, enrich)
    await erase(around)
    expect(found.reduce((sum, { hits }) => sum + hits, 0)).toBe(readCounters(storage).get('erased')! - 1)
  })

  it('waits until what was in the log is in parts', async () => {
    const { around, storage } = await filled()
    append(storage, batch(hitsOf(noon + hour, 20)))
    requestErasure(storage, { by: 'ip', value: '203.0.113.7' }, noon)
    expect(await erase(around)).toBe(false)
    await flush(around, enrich)
    expect(await erase(around)).toBe(true)
    expect(readCounters(storage).get('erased')).toBe(4 * 2 + 1)
  })

  it('means what came before it, however late it is done', async () => {
    const surrounded = await filled()
    const { around, storage } = surrounded
    requestErasure(storage, { by: 'ip', value: '203.0.113.7' }, noon)
    append(storage, batch(hitsOf(noon + hour, 20)))
    await flush(around, enrich)
    expect(await erase(around)).toBe(true)
    expect(await count(surrounded, `ip = '203.0.113.7'`)).toBe(1)
  })

  it('clears quarantine and the memory of lines', async () => {
    const { around, storage } = await filled()
    const refusals = ['203.0.113.7', '203.0.113.8'].map((raw, index) => ({
      index,
      reason: 'json',
      message: 'text is not JSON',
      sample: '',
      raw
    }))
    append(storage, batch([], { refusals }))
    requestErasure(storage, { by: 'ip', value: '203.0.113.7' }, noon)
    await flush(around, enrich)
    await erase(around)
    expect(readQuarantine(storage, 9).map(({ raw }) => raw)).toEqual(['203.0.113.8'])
    // Of 300 hits sent again the two that were erased are as if never seen.
    expect(append(storage, batch(hitsOf(noon, 300)))).toMatchObject({ accepted: 2, duplicate: 298 })
  })

  it('leaves no part where it erases all of one', async () => {
    const surrounded = surroundings(noon)
    append(surrounded.storage, batch([hit(7, noon)]))
    await flush(surrounded.around, enrich)
    requestErasure(surrounded.storage, { by: 'ip', value: '203.0.113.7' }, noon)
    await erase(surrounded.around)
    expect(days(surrounded)).toEqual([])
  })
})

describe('backpressure', () => {
  it('refuses when too much waits, and takes again when it is flushed', async () => {
    const { around, storage } = surroundings(noon)
    append(storage, batch(hitsOf(noon, 30)))
    expect(() => refuseWhenFull(storage, { rows: 20, bytes: 1 << 30 })).toThrow('log is full: 30 hits in')
    expect(() => refuseWhenFull(storage, { rows: 1_000, bytes: 20 })).toThrow('log is full')
    await flush(around, enrich)
    expect(() => refuseWhenFull(storage, { rows: 20, bytes: 20 })).not.toThrow()
  })
})

describe('a log that is trimmed late', () => {
  it('keeps what was flushed for ten minutes', async () => {
    const { around, storage, clock } = surroundings(noon)
    const late = { ...around, boot: 'one' }
    const positions = () =>
      storage.sql<{ position: number }>('select position from log').map((row) => row.position)
    append(storage, batch(hitsOf(noon, 10)))
    await flush(late, enrich)
    expect([positions(), readManifest(storage, 'example').parts.length]).toEqual([[0], 1])
    append(storage, batch(hitsOf(noon + hour, 10)))
    await flush(late, enrich)
    expect([positions(), readManifest(storage, 'example').parts.length]).toEqual([[0, 1], 2])
    expect(nextSettled(late)).toBe(clock.now + 600_000)
    settle(late)
    expect(positions()).toEqual([0, 1])
    clock.now += 600_000
    settle(late)
    expect(positions()).toEqual([])
    expect(append(storage, batch(hitsOf(noon, 10)))).toMatchObject({ duplicate: 10 })
  })
})

describe('quarantine', () => {
  it('is read page by page, and gives records back for another try', () => {
    const { storage } = surroundings(noon)
    const refusals = Array.from({ length: 25 }, (_, index) => ({
      index,
      reason: 'json',
      message: '',
      sample: '',
      raw: String(index)
    }))
    append(storage, batch([], { refusals }))
    const newest = readQuarantine(storage, 10)
    expect(newest.map(({ raw }) => raw)).toEqual(Array.from({ length: 10 }, (_, i) => String(24 - i)))
    const rest = readQuarantine(storage, 100, newest.at(-1)!.id)
    expect(rest).toHaveLength(15)
    const ids = [newest[0]!.id, rest[0]!.id, 999]
    expect(findQuarantined(storage, ids).map(({ raw }) => raw)).toEqual(['24', '14'])
    release(storage, ids)
    expect(readQuarantine(storage, 100)).toHaveLength(23)
  })

  it('is held to 100,000 records', () => {
    const { storage } = surroundings(noon)
    const refusal = { index: 0, reason: 'late_expired', message: '', sample: '', raw: '' }
    for (let i = 0; i < 2; i++) append(storage, batch([], { refusals: Array(50_001).fill(refusal) }))
    boundQuarantine(storage, noon)
    expect(countQuarantined(storage)).toBe(100_000)
  })

  it('is held to 7 days and 16 MiB', () => {
    const { storage } = surroundings(noon)
    const refusal = { index: 0, reason: 'json', message: '', sample: '', raw: 'x'.repeat(1 << 20) }
    for (let i = 0; i < 20; i++) append(storage, batch([], { received: noon + i, refusals: [refusal] }))
    boundQuarantine(storage, noon)
    expect(readQuarantine(storage, 100)).toHaveLength(16)
    boundQuarantine(storage, noon + 7 * day + 11)
    expect(readQuarantine(storage, 100)).toHaveLength(9)
  })
})
