import { env, reset } from 'cloudflare:test'
import { beforeEach, expect, it } from 'vitest'
import { bufferOf } from '../../workers/access/reach.ts'
import { limitAnnounced, limitDecoded } from '../../workers/ingest/token-rates.ts'
import { post, record, tokenFor } from './reach.ts'

beforeEach(() => reset())

const mebibyte = 1 << 20
const body = JSON.stringify(record(1))

it('lets a token send ten seconds of decoded 64 MiB at once, and then 64 MiB a second', () => {
  const send = (now: number) => () => limitDecoded('flood', 1, 20 * mebibyte, now)
  for (let batch = 0; batch < 32; batch++) expect(send(0)).not.toThrow()
  expect(send(0)).toThrow('decoded 64 MiB a second')
  for (let batch = 0; batch < 4; batch++) expect(send(1_000)).not.toThrow()
  expect(send(1_000)).toThrow('decoded 64 MiB a second')
  expect(() => limitDecoded('calm', 1, 20 * mebibyte, 1_000)).not.toThrow()
})

it('counts a body that announces no length as 10 MiB until it is read', () => {
  const begin = () => limitAnnounced('chunks', 0, 0)
  for (let batch = 0; batch < 1_000; batch++) {
    expect(begin).not.toThrow()
    limitDecoded('chunks', 0, 100, 0)
  }
  for (let batch = 0; batch < 20; batch++) expect(begin).not.toThrow()
  expect(begin).toThrow('20 MiB')
  for (let batch = 0; batch < 20; batch++) limitDecoded('chunks', 0, 100, 0)
  expect(begin).not.toThrow()
})

it('holds the next batch of a token that sent too much, and counts it neither as sent nor as refused', async () => {
  const [own, other] = [await tokenFor('flood'), await tokenFor('calm')]
  const [, id] = own.split('_')
  limitDecoded(id!, 1, 640 * mebibyte * 100, Date.now())
  const held = await post(own, body)
  expect(held.status).toBe(429)
  expect(Number(held.headers.get('Retry-After'))).toBeGreaterThan(0)
  expect((await post(other, body)).status).toBe(200)
  const { outcomes } = await bufferOf(env, 'flood').status()
  expect(outcomes).toEqual({})
})
