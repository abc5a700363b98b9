import { describe, expect, it } from 'vitest'
import type { AcceptedHit } from '#lib/schema/hit.ts'
import { erase, requestErasure } from '../../workers/store/erase.ts'
import { flush } from '../../workers/store/flush.ts'
import { fsck } from '../../workers/store/fsck.ts'
import { append, nextLogged } from '../../workers/store/log.ts'
import { settle } from '../../workers/store/mend.ts'
import { putBack, setAside } from '../../workers/store/set-aside.ts'
import type { Storage } from '../../workers/store/storage.ts'
import { countUnflushed, unflushed } from '../../workers/store/unflushed.ts'
import { batch, enrich, hit } from './hits.ts'
import { noon, surroundings } from './memory.ts'

const hits = (from: number, count: number): AcceptedHit[] =>
  Array.from({ length: count }, (_, i) => ({ ...hit(from + i, noon), request_id: `id ${from + i}` }))

/** How many hits wait, by the last row of the log and by a count of all. */
function waiting(storage: Storage): number {
  const { oldest, ...size } = unflushed(storage)
  expect(size).toEqual(countUnflushed(storage))
  expect(oldest === null).toBe(size.rows === 0)
  return size.rows
}

describe('the unflushed size of a log', () => {
  it.each([null, 'one run of the runtime'])(
    'is what its rows add up to after every kind of change (boot %s)',
    async (boot) => {
      const { storage, ...surrounded } = surroundings()
      const around = { ...surrounded.around, boot }
      const { clock } = surrounded
      expect(waiting(storage)).toBe(0)
      append(storage, batch(hits(0, 30)))
      append(storage, batch(hits(20, 30)))
      append(storage, batch(hits(0, 50)))
      expect(waiting(storage)).toBe(50)
      setAside(around, nextLogged(storage, 1)[0]!, new Error('odd'))
      expect(waiting(storage)).toBe(20)
      await flush(around, enrich)
      expect(waiting(storage)).toBe(0)
      append(storage, batch(hits(50, 7)))
      const [{ id }] = storage.sql<{ id: number }>('select id from quarantine') as [{ id: number }]
      putBack(storage, [id], clock.now)
      expect(waiting(storage)).toBe(37)
      requestErasure(storage, { by: 'ip', value: '203.0.113.55' }, clock.now)
      await flush(around, enrich)
      append(storage, batch(hits(60, 5)))
      expect(await erase(around)).toBe(true)
      expect(waiting(storage)).toBe(5)
      clock.now += 600_000
      settle(around)
      expect(waiting(storage)).toBe(5)
      await flush(around, enrich)
      settle(around)
      expect(waiting(storage)).toBe(0)
    }
  )

  it('forgets a batch whose transaction fails', () => {
    const { storage } = surroundings()
    append(storage, batch(hits(0, 10)))
    const failing: Storage = {
      ...storage,
      sql(query, ...bindings) {
        if (query.includes('into counter')) throw new Error('SQLITE_FULL')
        return storage.sql(query, ...bindings)
      }
    }
    expect(() => append(failing, batch(hits(10, 10)))).toThrow('SQLITE_FULL')
    expect(waiting(storage)).toBe(10)
    append(storage, batch(hits(20, 10)))
    expect(waiting(storage)).toBe(20)
  })

  it('is counted where a version of before has written rows', () => {
    const { storage, around } = surroundings()
    for (const [position, isOfBefore] of [true, false, true, true, false, false, true].entries()) {
      append(storage, batch(hits(position * 10, 10)))
      const query = 'update log set rows_before = null, bytes_before = null where position = ?'
      if (isOfBefore) storage.sql(query, position)
      expect(waiting(storage)).toBe(10 * (position + 1))
    }
    for (let left = 6; left >= 0; left--) {
      setAside(around, nextLogged(storage, 1)[0]!, new Error('odd'))
      expect(waiting(storage)).toBe(10 * left)
    }
  })

  it('is held against its rows by fsck', async () => {
    const { storage, around } = surroundings()
    for (let i = 0; i < 3; i++) append(storage, batch(hits(i * 10, 10)))
    expect((await fsck(around, false)).findings).toEqual([])
    storage.sql('update log set bytes_before = bytes_before + 1 where position = 2')
    expect((await fsck(around, false)).findings.map(({ kind }) => kind)).toEqual(['rows'])
  })
})
