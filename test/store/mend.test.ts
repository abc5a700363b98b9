import { expect, it } from 'vitest'
import { flush } from '../../workers/store/flush.ts'
import { append } from '../../workers/store/log.ts'
import { isShaken, mend } from '../../workers/store/mend.ts'
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
