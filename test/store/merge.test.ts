import { describe, expect, it } from 'vitest'
import type { AcceptedHit } from '#lib/schema/hit.ts'
import { compact } from '../../workers/store/compaction.ts'
import { planCompactions } from '../../workers/store/compaction-plan.ts'
import { erase, requestErasure } from '../../workers/store/erase.ts'
import { flush } from '../../workers/store/flush.ts'
import { append } from '../../workers/store/log.ts'
import { candidates, liveParts } from '../../workers/store/manifest.ts'
import { isCopy, PartReader } from '../../workers/store/parquet.ts'
import { groupLimit } from '../../workers/store/row-group.ts'
import { unflushed } from '../../workers/store/unflushed.ts'
import { batch, enrich, hit } from './hits.ts'
import { surroundings } from './memory.ts'
import { askParts } from './native.ts'

const day = Date.parse('2026-11-19T00:00:00Z')
const later = Date.parse('2026-11-23T00:00:00Z')
const rows = groupLimit + 8_000

const hits = (from: number, count: number, step: number): AcceptedHit[] =>
  Array.from({ length: count }, (_, i) => hit(from + i, day + i * step))

/** A finished day in a part of one full row group and a small one. */
async function finishedDay() {
  const { around, storage, bucket, clock } = surroundings(later)
  const add = async (more: AcceptedHit[]) => {
    for (let i = 0; i < more.length; i += 8_000)
      append(storage, batch(more.slice(i, i + 8_000), { received: clock.now }))
    while (unflushed(storage).rows) await flush(around, enrich)
  }
  const mergeAll = async () => {
    clock.now += 86_400_000
    for (const compaction of planCompactions(candidates(storage), clock.now))
      await compact(around, compaction)
  }
  const live = () =>
    liveParts(storage).map(({ id }) => [...bucket.objects].find(([key]) => key.includes(id))![1])
  await add(hits(0, rows, 500))
  await mergeAll()
  return { around, storage, add, mergeAll, live }
}

const bytesOf = (objects: { bytes: Uint8Array }[]) => objects.map(({ bytes }) => bytes)
const checksum = 'select count(*) as rows, bit_xor(hash(parts)) as values from parts'
const groupsOf = (part: PartReader) => part.groups.map((group) => group.rows)

describe('a row group that is at least half full', () => {
  it('stands in the child as it is, with late rows beside it', async () => {
    const { add, mergeAll, live } = await finishedDay()
    const before = PartReader.of(live()[0]!.bytes)
    expect(groupsOf(before)).toEqual([groupLimit, 8_000])
    await add(hits(rows, 50, 1_000_000))
    const wanted = await askParts(bytesOf(live()), checksum)
    await mergeAll()
    expect(live()).toHaveLength(1)
    const after = PartReader.of(live()[0]!.bytes)
    expect(groupsOf(after)).toEqual([groupLimit, 8_050])
    expect(isCopy(await after.stored(0), await before.stored(0))).toBe(true)
    expect(await askParts(bytesOf(live()), checksum)).toEqual(wanted)
  }, 60_000)

  it('is made anew where one of its rows is erased, and copied where none is', async () => {
    const { around, storage, add, mergeAll, live } = await finishedDay()
    await add([{ ...hit(rows, day + 86_399_000), path: '/gone' }])
    await mergeAll()
    const before = PartReader.of(live()[0]!.bytes)
    requestErasure(storage, { by: 'path', value: '/gone' }, around.now())
    expect(await erase(around)).toBe(true)
    const after = PartReader.of(live()[0]!.bytes)
    expect([groupsOf(before), groupsOf(after)]).toEqual([
      [groupLimit, 8_001],
      [groupLimit, 8_000]
    ])
    expect(isCopy(await after.stored(0), await before.stored(0))).toBe(true)
    expect(isCopy(await after.stored(1), await before.stored(1))).toBe(false)
  }, 60_000)

  it('is not copied out of a part whose bytes have changed', async () => {
    const { add, mergeAll, live } = await finishedDay()
    await add(hits(rows, 50, 1_000_000))
    live()[0]!.bytes[1_000]! ^= 1
    await expect(mergeAll()).rejects.toThrow(/part \w+ of site example is damaged: its sha256 is \w+/)
    expect(live()).toHaveLength(2)
  }, 60_000)
})
