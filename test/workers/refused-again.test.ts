import { env, reset } from 'cloudflare:test'
import type { Again, Quarantined } from '#lib/schema/status.ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { bufferOf, directoryOf } from '../../workers/access/reach.ts'
import { forgetSettings } from '../../workers/access/settings.ts'
import { change, get, post, record, tokenFor } from './reach.ts'

const rows = async (of: string) => (await bufferOf(env, of).status()).unflushed_rows

async function quarantined(of: string): Promise<number[]> {
  const answer = await get(`/api/sites/${of}/quarantine`)
  return ((await answer.json()) as { records: Quarantined[] }).records.map(({ id }) => id)
}

async function again(of: string, ids: number[]): Promise<string[]> {
  const answer = await change('POST', `/api/sites/${of}/quarantine/again`, { ids })
  return ((await answer.json()) as { records: Again[] }).records.map(({ outcome }) => outcome)
}

const send = async (token: string, body: string) => (await post(token, body)).json()

describe('a batch whose new sites were refused', () => {
  const names = Array.from({ length: 12 }, (_, i) => `new-${i}`)
  const body = names.map((service, i) => JSON.stringify(record(i, { service }))).join('\n')
  const counted = async () => (await Promise.all(names.map(rows))).reduce((sum, rows) => sum + rows)
  let token: string

  beforeEach(async () => {
    await reset()
    names.forEach(forgetSettings)
    token = await tokenFor('*')
    await directoryOf(env).changeLimits({ new_sites_per_batch: 5 })
  })

  it('counts each line once, however often it comes', async () => {
    expect(await send(token, body)).toMatchObject({ accepted: 5, rejected: 7 })
    expect(await quarantined('*')).toHaveLength(7)
    expect(await send(token, body)).toMatchObject({ accepted: 5, duplicate: 5, rejected: 2 })
    expect(await quarantined('*')).toHaveLength(2)
    expect(await send(token, body)).toMatchObject({ accepted: 2, duplicate: 10 })
    expect(await send(token, body)).toMatchObject({ accepted: 0, duplicate: 12 })
    expect([await counted(), await quarantined('*')]).toEqual([12, []])
  })

  it('counts each line once, if some were run again before it comes again', async () => {
    await send(token, body)
    const [first, ...others] = await quarantined('*')
    expect(await again('*', [first!])).toEqual(['accepted'])
    names.forEach(forgetSettings)
    expect(await send(token, body)).toMatchObject({ accepted: 0, duplicate: 12 })
    for (const id of others) expect(await again('*', [id])).toEqual(['accepted'])
    expect(await send(token, body)).toMatchObject({ accepted: 0, duplicate: 12 })
    expect([await counted(), await quarantined('*')]).toEqual([12, []])
  })
})

describe('a batch that was for no site', () => {
  const lines = (from: number) =>
    Array.from({ length: 20 }, (_, i) => record(from + i, { host: 'later.example' }))
  const named = (from: number) =>
    lines(from)
      .map((line) => JSON.stringify({ ...line, service: 'later' }))
      .join('\n')
  const unnamed = lines(0)
    .map((line) => JSON.stringify({ ...line, service: undefined }))
    .join('\n')
  let token: string

  beforeEach(async () => {
    await reset()
    forgetSettings('later')
    token = await tokenFor('*')
  })

  it('leaves the quarantine when it comes again to a site that is known by now', async () => {
    await directoryOf(env).changeLimits({ only_known_sites: true })
    expect(await send(token, named(0))).toMatchObject({ accepted: 0, rejected: 20 })
    const own = await tokenFor('later')
    expect(await send(own, named(100))).toMatchObject({ accepted: 20 })
    expect(await send(token, named(0))).toMatchObject({ accepted: 20 })
    expect([await rows('later'), await quarantined('*')]).toEqual([40, []])
  })

  it('leaves the quarantine when it comes again by its host, or for a site that the URL names', async () => {
    expect(await send(token, unnamed)).toMatchObject({ accepted: 0, rejected: 20 })
    expect(await (await post(token, unnamed, {}, '?site=later')).json()).toMatchObject({ accepted: 20 })
    expect([await rows('later'), await quarantined('*')]).toEqual([20, []])
  })
})

describe('a batch that its site could not read', () => {
  const site = 'mended'
  const body = Array.from({ length: 20 }, (_, i) => `203.0.113.7|15/Nov/2026:10:11:12|/${i}|200`).join('\n')
  const format = '$remote_addr|$time_local|$request_uri|$status'
  let token: string

  beforeEach(async () => {
    await reset()
    forgetSettings(site)
    token = await tokenFor(site)
    expect(await send(token, body)).toMatchObject({ accepted: 0, rejected: 20 })
    expect(await send(token, body)).toMatchObject({ accepted: 0, duplicate: 20 })
    await change('PUT', `/api/sites/${site}/settings`, { line_formats: [format] })
  })

  it('is taken when it comes again, and leaves the quarantine', async () => {
    expect(await send(token, body)).toMatchObject({ accepted: 20, rejected: 0 })
    expect([await rows(site), await quarantined(site)]).toEqual([20, []])
    expect(await send(token, body)).toMatchObject({ accepted: 0, duplicate: 20 })
    const { outcomes } = await bufferOf(env, site).status()
    expect(outcomes).toMatchObject({ accepted: 20, duplicate: 40, line: 0 })
  })

  it('is a duplicate once one of its records was run again', async () => {
    const [first, ...others] = await quarantined(site)
    expect(await again(site, [first!])).toEqual(['accepted'])
    expect(await send(token, body)).toMatchObject({ accepted: 0, duplicate: 20 })
    expect(new Set(await again(site, others))).toEqual(new Set(['accepted']))
    expect([await rows(site), await quarantined(site)]).toEqual([20, []])
  })
})

it('a batch says how many of its refused records are not kept, also when it comes again', async () => {
  await reset()
  forgetSettings('many')
  const token = await tokenFor('many')
  const good = Array.from({ length: 10 }, (_, i) => JSON.stringify(record(i)))
  const odd = Array.from({ length: 5_000 }, (_, i) => `203.0.113.7|15/Nov/2026:10:11:12|/${i}|200`)
  const body = [...good, ...odd].join('\n')
  const warnings = [expect.stringMatching(/^904 refused records of this batch are counted but not kept/)]
  expect(await send(token, body)).toMatchObject({ accepted: 10, rejected: 5_000, warnings })
  const format = '$remote_addr|$time_local|$request_uri|$status'
  await change('PUT', '/api/sites/many/settings', { line_formats: [format] })
  expect(await send(token, body)).toMatchObject({ accepted: 0, duplicate: 5_010, warnings })
  expect(await send(token, good.join('\n'))).not.toHaveProperty('warnings')
})
