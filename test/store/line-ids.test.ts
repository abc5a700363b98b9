import { describe, expect, it } from 'vitest'
import type { AcceptedHit } from '#lib/schema/hit.ts'
import { flush } from '../../workers/store/flush.ts'
import { toColumns } from '../../workers/store/hit-columns.ts'
import { hashLines } from '../../workers/store/line-hash.ts'
import { append } from '../../workers/store/log.ts'
import { readManifest } from '../../workers/store/manifest.ts'
import { forgetLines, SeenLines } from '../../workers/store/seen-lines.ts'
import { unflushed } from '../../workers/store/unflushed.ts'
import { batch, enrich, hit } from './hits.ts'
import { noon, surroundings } from './memory.ts'
import { askParts } from './native.ts'

const hour = 3_600_000
const withId = (i: number, more: Partial<AcceptedHit> = {}) => ({
  ...hit(i, noon + i),
  request_id: `${'0'.repeat(24)}${String(i).padStart(8, '0')}`,
  ...more
})
const hits = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => withId(from + i))

describe('lines with an id', () => {
  it('are taken once, however batches are cut', async () => {
    const { around, storage, bucket } = surroundings()
    const seen = new SeenLines(storage)
    expect(append(storage, batch(hits(0, 100)), seen)).toMatchObject({ accepted: 100, duplicate: 0 })
    expect(append(storage, batch(hits(50, 150)), seen)).toMatchObject({
      received: 100,
      accepted: 50,
      duplicate: 50
    })
    await flush(around, enrich)
    expect(append(storage, batch(hits(120, 170)), seen)).toMatchObject({ accepted: 20, duplicate: 30 })
    expect(append(storage, batch(hits(0, 170)), seen)).toMatchObject({ accepted: 0, duplicate: 170 })
    expect(unflushed(storage).rows).toBe(20)
    await flush(around, enrich)
    const parts = [...bucket.objects.values()].map(({ bytes }) => bytes)
    const [counted] = await askParts(
      parts,
      'select count(*)::int as rows, count(distinct request_id)::int as ids, count(distinct seq)::int as seqs from parts'
    )
    expect(counted).toEqual({ rows: 170, ids: 170, seqs: 170 })
    expect(readManifest(storage, 'example').parts.map((part) => part.rows)).toEqual([150, 20])
  })

  it('may be more than the filter has room for', () => {
    const { storage } = surroundings()
    const seen = new SeenLines(storage)
    append(storage, batch(hits(0, 100)), seen)
    expect(append(storage, batch(hits(0, 70_000)), seen)).toMatchObject({ accepted: 69_900, duplicate: 100 })
  })

  it('are known though their hashes have a word in common', () => {
    const { storage } = surroundings()
    const twins = () => {
      const made = batch(hits(0, 5))
      made.rows[0]!.lines = Uint32Array.of(7, 1, 7, 2, 8, 2, 7, 3, 7, 2)
      return made
    }
    expect(append(storage, twins(), new SeenLines(storage))).toMatchObject({ accepted: 4, duplicate: 1 })
    expect(append(storage, twins(), new SeenLines(storage))).toMatchObject({ accepted: 0, duplicate: 5 })
    const seen = new SeenLines(storage)
    expect(append(storage, twins(), seen)).toMatchObject({ accepted: 0, duplicate: 5 })
    expect(append(storage, twins(), seen)).toMatchObject({ accepted: 0, duplicate: 5 })
  })

  it('are known again by an object that was restarted', async () => {
    const { around, storage } = surroundings()
    append(storage, batch(hits(0, 40)), new SeenLines(storage))
    await flush(around, enrich)
    append(storage, batch(hits(40, 80)), new SeenLines(storage))
    expect(append(storage, batch(hits(0, 81)), new SeenLines(storage))).toMatchObject({
      accepted: 1,
      duplicate: 80
    })
  })

  it('may have an id that a client chose: other hits under it count', () => {
    const { storage } = surroundings()
    append(storage, batch([withId(1)]))
    expect(append(storage, batch([withId(1, { path: '/other' })]))).toMatchObject({ accepted: 1 })
    expect(append(storage, batch([withId(1, { time: noon + 60_000 })]))).toMatchObject({ accepted: 1 })
  })

  it('are the same by another token, and also when they say no time', () => {
    const { storage } = surroundings()
    append(storage, batch([withId(1), withId(2, { flags: 'no_time', time: noon })]))
    const again = [withId(1, { token: 't2' }), withId(2, { flags: 'no_time', time: noon + 9_000 })]
    expect(append(storage, batch(again))).toMatchObject({ accepted: 0, duplicate: 2 })
  })

  it('are forgotten after 48 hours in which lines came', async () => {
    const { around, storage } = surroundings()
    append(storage, batch([withId(0)]))
    for (let i = 1; i < 48; i++) append(storage, batch([withId(i)], { received: noon + i * hour }))
    await flush(around, enrich)
    forgetLines(storage, noon + 100 * hour)
    expect(append(storage, batch([withId(0)]))).toMatchObject({ duplicate: 1 })
    append(storage, batch([withId(48)], { received: noon + 48 * hour }))
    await flush(around, enrich)
    forgetLines(storage, noon + 100 * hour)
    expect(append(storage, batch([withId(0), withId(1)]))).toMatchObject({ accepted: 1, duplicate: 1 })
  })

  it.each([-72, 72])('are known after the clock was %i hours off', async (off) => {
    const { around, storage } = surroundings()
    append(storage, batch([withId(1)], { received: noon - hour }))
    append(storage, batch([withId(2)], { received: noon + off * hour }))
    await flush(around, enrich)
    for (const now of [noon + off * hour, noon + hour]) forgetLines(storage, now)
    expect(append(storage, batch([withId(1), withId(2)]))).toMatchObject({ accepted: 0, duplicate: 2 })
  })
})

describe('lines without an id', () => {
  it('are kept although they are equal', () => {
    const { storage } = surroundings()
    const same = Array(5).fill(hit(1, noon))
    expect(append(storage, batch(same))).toMatchObject({ accepted: 5, duplicate: 0 })
    expect(append(storage, batch(same))).toMatchObject({ accepted: 5, duplicate: 0 })
    expect(hashLines(toColumns(same))).toBeNull()
  })
})

describe('hashLines', () => {
  const words = (...hits: AcceptedHit[]) => [...hashLines(toColumns(hits))!].slice(0, 2)

  it('is the same whatever hits come with it', () => {
    const [one, other] = [withId(1, { user_agent: null, extra: '{"a":"\\\\"}' }), withId(2, { server: 'x' })]
    expect(words(one, other)).toEqual(words(one))
    expect(words(one, other)).toEqual(words(one, one, other, other))
  })

  it('is of what the line is: nothing that a setting, the clock or the way to us changes counts', () => {
    const line = withId(1)
    const changed: Partial<AcceptedHit> = {
      ip: null,
      remote_user: 'ada',
      server: 'web2',
      message: 'REDACTED',
      extra: '{"a":1}',
      shape: 'combined',
      token: 't2',
      utc_offset: 60,
      flags: 'ip_none,skew'
    }
    expect(words({ ...line, ...changed })).toEqual(words(line))
    const borrowed = { time: noon + hour, utc_offset: null, flags: 'no_zone' }
    expect(words({ ...line, ...borrowed })).toEqual(words({ ...line, flags: 'site_zone' }))
    expect(words({ ...line, ...borrowed })).toEqual(words({ ...line, flags: 'wrapper_time' }))
  })

  it.each([
    ['order', 'ab', 'ba'],
    ['what is escaped', '"\n\t\n\t"', '"\t\n\n\t"'],
    ['where it is escaped', 'a\n', '\na'],
    ['length', 'aaaa', 'aaaaa'],
    ['a quote at the end', 'a\\', 'a"'],
    ['empty and none', '', null]
  ])('tells texts apart by %s', (_, one, other) => {
    expect(words(withId(1, { path: one! }))).not.toEqual(words(withId(1, { path: other as string })))
    expect(words(withId(1, { path: one!, query: 'x' }))).not.toEqual(
      words(withId(1, { path: 'x', query: one! }))
    )
  })

  it('tells 50,000 hits apart in each of its words', () => {
    const hits = Array.from({ length: 50_000 }, (_, i) => withId(i % 7, { duration: i / 8 }))
    const words = hashLines(toColumns(hits))!
    const [low, high] = [new Set<number>(), new Set<number>()]
    words.forEach((word, i) => (i % 2 ? high : low).add(word))
    // By chance hardly one of 50,000 words of 32 bits is equal to another; `high` has 31.
    expect(low.size).toBeGreaterThan(49_990)
    expect(high.size).toBeGreaterThan(49_990)
  })
})
