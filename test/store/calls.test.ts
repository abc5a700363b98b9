import { expect, it } from 'vitest'
import { callsOf } from '../../workers/ingest/calls.ts'
import { append, type Batch } from '../../workers/store/log.ts'
import { unflushed } from '../../workers/store/unflushed.ts'
import { surroundings } from './memory.ts'

/** A batch of forty hits in four rows, whose size depends on what the settings of the site leave of them. */
const batch = (bytes: number): Batch => ({
  key: 'k',
  received: 1_700_000_000_000,
  token: null,
  rows: Array.from({ length: 4 }, () => ({ rows: 10, hits: new Uint8Array(bytes), lines: null })),
  refusals: [{ index: 40, reason: 'json', message: 'text is not JSON', sample: '{', raw: '{' }]
})

const most = 100
const calls = (bytes: number) => callsOf(batch(bytes), most)

it.each([
  ['two pieces and whole', 40, 20],
  ['whole and two pieces', 20, 40],
  ['two and four pieces', 40, 90]
])('a batch that comes in %s counts once', (_, first, again) => {
  const { storage } = surroundings()
  expect([calls(first), calls(again)].map(({ length }) => length)).not.toEqual([1, 1])
  const send = (bytes: number) => calls(bytes).map((call) => append(storage, call).accepted)
  expect(send(first).reduce((sum, accepted) => sum + accepted)).toBe(40)
  expect(new Set(send(again))).toEqual(new Set([0]))
  expect(unflushed(storage).rows).toBe(40)
})

it('a batch whose last piece never came is taken up where it ended', () => {
  const { storage } = surroundings()
  append(storage, calls(40)[0]!)
  expect(calls(40).map((call) => append(storage, call).accepted)).toEqual([0, 20])
})
