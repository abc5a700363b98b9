import { env, reset } from 'cloudflare:test'
import { expect, it } from 'vitest'
import { bufferOf, directoryOf } from '../../workers/access/reach.ts'
import { forgetSettings } from '../../workers/access/settings.ts'
import { post, record, tokenFor } from './reach.ts'

const names = ['paused', 'running']
const rows = async (site: string) => (await bufferOf(env, site).status()).unflushed_rows

it('a paused site lets its lines wait, and those of others in the same batch be taken once', async () => {
  await reset()
  names.forEach(forgetSettings)
  const token = await tokenFor('*')
  const lines = Array.from({ length: 20 }, (_, i) => JSON.stringify(record(i, { service: names[i % 2] })))
  const send = async () => {
    const answer = await post(token, lines.join('\n'))
    return { http: answer.status, ...(await answer.json<object>()) }
  }
  await directoryOf(env).changeSettings('paused', { state: 'paused' })
  for (let i = 0; i < 2; i++) {
    expect(await send()).toMatchObject({ http: 503, error: { code: 'site_paused' } })
    expect([await rows('paused'), await rows('running')]).toEqual([0, 10])
  }
  await directoryOf(env).changeSettings('paused', { state: 'active' })
  names.forEach(forgetSettings)
  expect(await send()).toMatchObject({ http: 200, accepted: 10, duplicate: 10 })
  expect([await rows('paused'), await rows('running')]).toEqual([10, 10])
})
