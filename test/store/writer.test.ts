import { expect, it } from 'vitest'
import { flush } from '../../workers/store/flush.ts'
import { append } from '../../workers/store/log.ts'
import { readManifest } from '../../workers/store/manifest.ts'
import { SeenLines } from '../../workers/store/seen-lines.ts'
import { unflushed } from '../../workers/store/unflushed.ts'
import { Displaced, fence } from '../../workers/store/writer.ts'
import { batch, enrich, hit } from './hits.ts'
import { noon, surroundings } from './memory.ts'

/** A store, and the objects that are alive on it. */
function open() {
  const { around, storage } = surroundings()
  const open = (name: string) => {
    const told: string[] = []
    const fenced = fence(storage, {
      name: () => name,
      onTake: () => told.push('take'),
      onDisplaced: () => told.push('displaced')
    })
    return { around: { ...around, storage: fenced }, storage: fenced, told }
  }
  return { storage, open }
}

const lines = (from: number, count: number) =>
  batch(Array.from({ length: count }, (_, i) => ({ ...hit(from + i, noon), request_id: `id ${from + i}` })))

it('refuses every write of an object after another one wrote', () => {
  const { storage, open: start } = open()
  const [first, second] = [start('first'), start('second')]
  append(first.storage, lines(0, 10))
  append(second.storage, lines(10, 10))
  expect(() => append(first.storage, lines(20, 10))).toThrow(Displaced)
  expect(() => first.storage.sql(`delete from log`)).toThrow(Displaced)
  expect(unflushed(first.storage).rows).toBe(20)
  expect(unflushed(storage).rows).toBe(20)
  expect([first.told, second.told]).toEqual([['take', 'displaced', 'displaced'], ['take']])
})

it('lets an object read without being the writer', () => {
  const { open: start } = open()
  const [first, second] = [start('first'), start('second')]
  append(first.storage, lines(0, 10))
  expect(unflushed(second.storage).rows).toBe(10)
  append(first.storage, lines(10, 10))
  expect(second.told).toEqual([])
})

it('makes nobody the writer by a write that fails', () => {
  const { open: start } = open()
  const [first, second] = [start('first'), start('second')]
  append(first.storage, lines(0, 10))
  const fail = () =>
    second.storage.transaction(() => {
      throw new Error('disk is full')
    })
  expect(fail).toThrow('disk is full')
  append(first.storage, lines(10, 10))
  append(second.storage, lines(20, 10))
  expect(unflushed(second.storage).rows).toBe(30)
})

it('counts a line once that is sent again to another object', () => {
  const { open: start } = open()
  const [first, second] = [start('first'), start('second')]
  const seen = { first: new SeenLines(first.storage), second: new SeenLines(second.storage) }
  append(first.storage, lines(0, 10), seen.first)
  append(second.storage, lines(5, 10), seen.second)
  // Its filter does not hold lines 10 to 14.
  expect(() => append(first.storage, lines(10, 10), seen.first)).toThrow(Displaced)
  const third = start('third')
  expect(append(third.storage, lines(10, 10))).toMatchObject({ accepted: 5, duplicate: 5 })
})

it('commits nothing that a displaced object built', async () => {
  const { open: start } = open()
  const [first, second] = [start('first'), start('second')]
  append(first.storage, lines(0, 10))
  const slow = flush(first.around, async () => {
    append(second.storage, lines(10, 10))
    return enrich()
  })
  await expect(slow).rejects.toThrow(Displaced)
  await flush(second.around, enrich)
  expect(readManifest(second.storage, 'example').parts.map(({ rows }) => rows)).toEqual([20])
})
