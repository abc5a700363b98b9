import { expect, it } from 'vitest'
import { flush } from '../../workers/store/flush.ts'
import { compact } from '../../workers/store/compaction.ts'
import { append } from '../../workers/store/log.ts'
import { partKey } from '../../workers/store/keys.ts'
import { readLogged } from '../../workers/store/log.ts'
import { candidates, liveParts } from '../../workers/store/manifest.ts'
import { isShaken, mend, settle } from '../../workers/store/mend.ts'
import { batch, enrich, hit } from './hits.ts'
import { noon, surroundings } from './memory.ts'

it('lets others run between any two of the parts that it reads after a start', async () => {
  const { around, storage, bucket } = surroundings()
  const days = Array.from({ length: 40 }, (_, i) => hit(i, noon - i * 86_400_000))
  append(storage, batch(days))
  while (await flush({ ...around, boot: 'one' }, enrich));
  const done: string[] = []
  const get: typeof bucket.get = (key, range) => (done.push('read'), bucket.get(key, range))
  const again = {
    ...around,
    boot: 'two',
    bucket: Object.assign(Object.create(bucket) as typeof bucket, { get }),
    pause: async () => void done.push('pause')
  }
  expect(isShaken(again)).toBe(true)
  await mend(again, enrich, () => {})
  expect(done.filter((step) => step === 'read')).toHaveLength(40)
  expect(done.some((step, i) => step === 'read' && done[i + 1] === 'read')).toBe(false)
  expect(isShaken(again)).toBe(false)
})

it('makes a merged part again of the log, if power cuts take first a parent and later the child', async () => {
  const { around, storage, bucket, clock } = surroundings()
  const minutes = (count: number) => (clock.now += count * 60_000)
  const lose = (id: string) => bucket.delete([partKey('example', { id, day: '2026-11-21' })])
  let running = { ...around, boot: 'one' }
  for (const i of [0, 1]) {
    append(storage, batch([hit(i, noon + i)]))
    await flush(running, enrich)
  }
  const parents = candidates(storage)
  minutes(5)
  await compact(running, { day: '2026-11-21', parents })
  const [child] = liveParts(storage)

  await lose(parents[0]!.id)
  running = { ...around, boot: 'two' }
  minutes(4)
  await mend(running, enrich, () => {})
  expect(liveParts(storage)).toEqual([child])
  minutes(2)
  settle(running)
  expect(readLogged(storage, { from: 0, to: 9 })).toHaveLength(2)

  await lose(child!.id)
  running = { ...around, boot: 'three' }
  await mend(running, enrich, () => {})
  const mended = liveParts(storage)
  expect(mended.map(({ rows }) => rows)).toEqual([1, 1])
  for (const { id, day, sha256 } of mended)
    expect(await bucket.head(partKey('example', { id, day }))).toMatchObject({ sha256 })
  minutes(11)
  settle(running)
  expect(readLogged(storage, { from: 0, to: 9 })).toEqual([])
})
