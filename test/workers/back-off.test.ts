import {
  abortAllDurableObjects,
  env,
  reset,
  runDurableObjectAlarm,
  runInDurableObject
} from 'cloudflare:test'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { bufferOf } from '../../workers/access/reach.ts'
import type { HitBuffer } from '../../workers/store/hit-buffer.ts'
import { post, records, settle, tokenFor } from './reach.ts'

const minute = 60_000

let token: string

beforeEach(async () => {
  await reset()
  token = await tokenFor('example')
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const buffer = () => bufferOf(env, 'example')
const send = (from: number) => post(token, JSON.stringify(records(1, from)))
const ring = () => runDurableObjectAlarm(buffer())

/** How long until the alarm rings, in ms. */
const untilAlarm = () =>
  runInDurableObject(buffer(), async (_: HitBuffer, { storage }) => (await storage.getAlarm())! - Date.now())

/** The bucket refuses a kind of call from now on. */
function refuse(call: 'put' | 'get'): void {
  const bucket = Object.getPrototypeOf(env.PARTS) as R2Bucket
  vi.spyOn(bucket, call).mockRejectedValue(new Error('bucket is away'))
}

/** Fails seven alarms in a row: the next one rings after 64 s. */
async function fail(): Promise<void> {
  for (let i = 0; i < 7; i++) await ring()
  expect(await untilAlarm()).toBeGreaterThan(minute / 2)
}

it('goes on waiting for the bucket in a new object, and when batches come', async () => {
  await send(0)
  vi.setSystemTime(Date.now() + 61_000)
  refuse('put')
  await fail()
  await abortAllDurableObjects()
  await buffer().status()
  expect(await untilAlarm()).toBeGreaterThan(minute / 2)
  await send(1)
  expect(await untilAlarm()).toBeGreaterThan(minute / 2)
  await ring()
  expect(await untilAlarm()).toBeGreaterThan(2 * minute)
})

it('goes on waiting though a batch comes while the alarm fails', async () => {
  await send(0)
  vi.setSystemTime(Date.now() + 61_000)
  refuse('put')
  await fail()
  const { put } = Object.getPrototypeOf(env.PARTS) as R2Bucket
  await runInDurableObject(buffer(), async (object: HitBuffer) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    vi.mocked(put).mockImplementation(async () => {
      resolve()
      await scheduler.wait(50)
      throw new Error('bucket is away')
    })
    const ringing = object.alarm()
    await promise
    await object.putBack([])
    await ringing
  })
  expect(await untilAlarm()).toBeGreaterThan(2 * minute)
})

it('waits no longer after an alarm that did not fail', async () => {
  await send(0)
  vi.setSystemTime(Date.now() + 61_000)
  refuse('put')
  await fail()
  vi.restoreAllMocks()
  await ring()
  refuse('put')
  await send(1)
  vi.setSystemTime(Date.now() + 61_000)
  await ring()
  expect(await untilAlarm()).toBeLessThanOrEqual(1_000)
})

it('flushes within a minute while another step fails', async () => {
  await send(0)
  await settle('example')
  refuse('get')
  await buffer().erase({ by: 'ip', value: '203.0.113.0' })
  for (let i = 0; i < 9; i++) await ring()
  expect(await untilAlarm()).toBeGreaterThan(2 * minute)
  await send(1)
  expect(await untilAlarm()).toBeLessThanOrEqual(minute)
})
