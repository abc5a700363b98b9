import { reset } from 'cloudflare:test'
import { beforeEach, expect, it } from 'vitest'
import { post, record, tokenFor } from './reach.ts'

let token: string
beforeEach(async () => {
  await reset()
  token = await tokenFor('*')
})

const send = async (lines: Record<string, unknown>[]) =>
  (await post(token, lines.map((line) => JSON.stringify(line)).join('\n'))).json()

it.each<[string, (i: number) => unknown]>([
  ['host', (i) => `www-${i}.example`],
  ['status', (i) => String(200 + i)],
  ['http_referer', (i) => `https://from-${i}.example/`],
  ['remote_user', (i) => `user-${i}`],
  ['request_length', (i) => String(300 + i)],
  ['service', (i) => `site-${i}`]
])('a batch is known again though its lines differ in %s alone', async (name, value) => {
  const lines = Array.from({ length: 12 }, (_, i) => record(1, { service: 'key', [name]: value(i) }))
  expect(await send(lines)).toMatchObject({ accepted: 12, duplicate: 0 })
  expect(await send(lines)).toMatchObject({ accepted: 0, duplicate: 12 })
})

it('a batch of equal lines is none that was here before', async () => {
  const lines = Array.from({ length: 12 }, () => record(1, { service: 'key' }))
  expect(await send(lines)).toMatchObject({ accepted: 12 })
  expect(await send(lines)).toMatchObject({ accepted: 12 })
})
