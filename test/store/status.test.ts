import { describe, expect, it } from 'vitest'
import { flush } from '../../workers/store/flush.ts'
import { fsck } from '../../workers/store/fsck.ts'
import { append, type Batch } from '../../workers/store/log.ts'
import { toLogRows } from '../../workers/store/log-row.ts'
import { keepOperations, Meter, readOperations } from '../../workers/store/operations.ts'
import { findQuarantined, readQuarantine, release } from '../../workers/store/quarantine.ts'
import { expire } from '../../workers/store/retention.ts'
import { putBack } from '../../workers/store/set-aside.ts'
import { writeState } from '../../workers/store/state.ts'
import { readStatus } from '../../workers/store/status.ts'
import { batch, enrich, hit } from './hits.ts'
import { noon, surroundings } from './memory.ts'

const minute = 60_000
const day = 86_400_000

const batchOf = (count: number, more: Partial<Batch> = {}) =>
  batch(
    Array.from({ length: count }, (_, i) => hit(i, noon - 2_000 + i)),
    { newest: noon - 2_000, ...more }
  )
const refusal = (raw: string) => ({ index: 0, reason: 'json', message: 'text is not JSON', sample: '', raw })
const status = ({ storage }: ReturnType<typeof surroundings>, now = noon) =>
  readStatus(storage, new Meter(), now, 4096)

describe('forwarders', () => {
  it('have a lag, and a rate that fades within ten minutes', () => {
    const surrounded = surroundings(noon)
    append(surrounded.storage, batchOf(600))
    expect(status(surrounded).forwarders).toMatchObject([
      { token: 't0000001', last_seen: noon, batches: 1, records: 600, lag: 2_000, rate: 2 }
    ])
    const rateAfter = (minutes: number) => status(surrounded, noon + minutes * minute).forwarders[0]!.rate
    expect([4, 5, 7.5, 10, 60].map(rateAfter)).toEqual([2, 2, 1, 0, 0])
    append(surrounded.storage, batchOf(300, { received: noon + 7.5 * minute, newest: null }))
    expect(rateAfter(7.5)).toBe(2)
    expect(status(surrounded).forwarders[0]).toMatchObject({ batches: 2, records: 900, lag: 2_000 })
    append(surrounded.storage, batchOf(300, { received: noon + 60 * minute }))
    expect(rateAfter(60)).toBe(1)
  })

  it('are told whose batches would count twice', () => {
    const surrounded = surroundings(noon)
    const named = toLogRows([{ ...hit(0, noon), request_id: 'one' }])
    append(surrounded.storage, batchOf(1, { rows: named }))
    append(surrounded.storage, batchOf(1, { key: 'key' }))
    append(surrounded.storage, batchOf(0, { refusals: [refusal('x')] }))
    expect(status(surrounded).forwarders[0]).toMatchObject({ batches: 3, unkeyed: 0 })
    append(surrounded.storage, batchOf(1))
    expect(status(surrounded).forwarders[0]).toMatchObject({ batches: 4, unkeyed: 1 })
  })
})

describe('the status', () => {
  it('tells parts by month, and what lies in the bucket until it is deleted', async () => {
    const surrounded = surroundings(noon)
    const { around, storage } = surrounded
    for (const days of [40, 21, 20, 0]) {
      append(storage, batchOf(0, { rows: toLogRows([hit(1, noon - days * day)]) }))
      await flush(around, enrich)
    }
    const before = status(surrounded)
    expect(before.months.map(({ month, rows, parts }) => [month, rows, parts])).toEqual([
      ['2026-11', 2, 2],
      ['2026-10', 2, 2]
    ])
    expect(before.stored).toEqual({ objects: before.bytes, database: 4096 })
    writeState(storage, 'retention_days', 10)
    expire(around)
    const after = status(surrounded)
    expect(after.months.map(({ month }) => month)).toEqual(['2026-11'])
    expect([after.stored.objects, after.bytes < before.bytes]).toEqual([before.bytes, true])
  })
})

describe('operations', () => {
  it('are counted over restarts, a week long', () => {
    const { storage } = surroundings(noon)
    const meter = new Meter()
    const count = (now: number) => {
      meter.add('request', 3)
      keepOperations(storage, meter, now)
    }
    count(noon)
    count(noon + minute)
    expect(meter.counts.size).toBe(0)
    meter.add('object_put')
    const read = (now: number) => readOperations(storage, meter, now)
    expect(read(noon + day)).toMatchObject({ since: noon, counts: { request: 6, object_put: 1, alarm: 0 } })
    count(noon + 8 * day)
    expect(read(noon + 8 * day)).toMatchObject({ since: noon + 8 * day, counts: { request: 3 } })
    expect(readOperations(surroundings(noon).storage, new Meter(), noon).since).toBe(noon)
  })
})

describe('quarantine', () => {
  it('gives up a record that is accepted after all, once, and its count with it', () => {
    const surrounded = surroundings(noon)
    const { storage } = surrounded
    append(storage, batchOf(5, { refusals: [refusal('a'), { ...refusal('b'), is_cut: true }] }))
    const [b, a] = readQuarantine(storage, 9)
    expect([a, b]).toMatchObject([
      { raw: 'a', is_cut: false },
      { raw: 'b', is_cut: true }
    ])
    expect(status(surrounded)).toMatchObject({ quarantined: 2, outcomes: { accepted: 5, json: 2 } })
    for (let times = 0; times < 2; times++) release(storage, [a!.id, 999])
    expect(status(surrounded)).toMatchObject({ quarantined: 1, outcomes: { accepted: 5, json: 1 } })
  })

  it('shows the head of what is long, and keeps all of it', () => {
    const { storage } = surroundings(noon)
    append(storage, batchOf(0, { refusals: [refusal('x'.repeat(9_000))] }))
    const [shown] = readQuarantine(storage, 1)
    expect(shown?.raw.length).toBe(4_096)
    expect(findQuarantined(storage, [shown!.id])[0]?.raw.length).toBe(9_000)
  })

  it('gives a row that could not be built back to the log, and every hit of it is counted once', async () => {
    const surrounded = surroundings(noon)
    const { around, storage } = surrounded
    const named = (from: number) =>
      toLogRows(
        Array.from({ length: 10 }, (_, i) => ({ ...hit(from + i, noon), request_id: `id ${from + i}` }))
      )
    append(storage, batchOf(0, { rows: named(0) }))
    append(storage, batchOf(0, { rows: named(5) }))
    const broken = () => Promise.resolve(() => { throw new Error('no such place') }) // prettier-ignore
    for (let tries = 0; tries < 8; tries++) await flush(around, broken).catch(() => {})
    expect(status(surrounded)).toMatchObject({ quarantined: 2, rows: 0, outcomes: { set_aside: 15 } })
    const ids = readQuarantine(storage, 9).map(({ id }) => id)
    expect(putBack(storage, [...ids, 999], noon)).toEqual(ids)
    expect(putBack(storage, ids, noon)).toEqual([])
    await flush(around, enrich)
    expect(status(surrounded)).toMatchObject({
      quarantined: 0,
      rows: 15,
      outcomes: { set_aside: 15, put_back: 15 }
    })
    expect((await fsck(around, false)).findings).toEqual([])
  })
})
