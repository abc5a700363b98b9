import { env, reset, runInDurableObject } from 'cloudflare:test'
import type { Again, Quarantined } from '#lib/schema/status.ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { directoryOf } from '../../workers/access/reach.ts'
import { migrate } from '../../workers/access/schema.ts'
import { forgetSettings, readingBy } from '../../workers/access/settings.ts'
import type { Storage } from '../../workers/store/storage.ts'
import { change, get, logged, post, tokenFor } from './reach.ts'

const site = 'example'
const format = '$remote_addr|$time_local|$request_uri|$status'
const line = '203.0.113.7|15/Nov/2026:10:11:12|/a?b=c|404'
let token: string

beforeEach(async () => {
  await reset()
  forgetSettings(site)
  token = await tokenFor(site)
})

async function ask(method: string, path: string, body: object) {
  const response = await change(method, `/api/sites/${site}/${path}`, body)
  return { http: response.status, ...(await response.json<object>()) }
}

it('is tried before it is saved, and stores nothing', async () => {
  expect(await ask('POST', 'formats', { format, lines: `${line}\nno line` })).toMatchObject({
    http: 200,
    dialect: "nginx' log_format",
    lines: [
      { index: 0, hit: { shape: 'own', ip: '203.0.113.7', path: '/a', query: 'b=c', status: 404 } },
      { index: 1, message: 'line is not an access log line: no line' }
    ]
  })
  expect(await logged(site)).toEqual([])
})

it('reads the lines of its site once it is saved, in the zone of the site', async () => {
  expect(await (await post(token, line)).json()).toMatchObject({ accepted: 0, rejected: 1 })
  const changes = { line_formats: [format], time_zone: 'Kolkata' }
  expect(await ask('PUT', 'settings', changes)).toMatchObject({ http: 200, time_zone: 'Asia/Kolkata' })
  expect(await (await post(token, `${line}\n`)).json()).toMatchObject({ accepted: 1, rejected: 0 })
  const time = Date.parse('2026-11-15T10:11:12+05:30')
  expect(await logged(site)).toMatchObject([{ shape: 'own', time, utc_offset: 330, flags: 'site_zone' }])
})

it('is refused with the reason when it cannot be used', async () => {
  const message = expect.stringContaining('Nothing stands between') as string
  const reason = { http: 400, error: { message } }
  expect(await ask('POST', 'formats', { format: '$status$remote_addr', lines: line })).toMatchObject(reason)
  expect(await ask('PUT', 'settings', { line_formats: ['$status$remote_addr'] })).toMatchObject(reason)
  expect(await ask('PUT', 'settings', { line_formats: Array(11).fill(format) })).toMatchObject({ http: 400 })
  expect(await ask('PUT', 'settings', { time_zone: 'Nowhere' })).toMatchObject({ http: 400 })
})

it('takes the place of an offset, and an offset that of the zone', async () => {
  await ask('PUT', 'settings', { utc_offset: 60 })
  expect(await ask('PUT', 'settings', { time_zone: 'Kyiv' })).toMatchObject({
    time_zone: 'Europe/Kyiv',
    utc_offset: null
  })
  expect(await ask('PUT', 'settings', { utc_offset: 60 })).toMatchObject({ time_zone: null, utc_offset: 60 })
})

describe('a line format that a newer version stored', () => {
  const unknown = '@format of a version to come'
  const skipped = [expect.stringContaining(`"${unknown}" is skipped`) as string]
  const store = (query: string, ...values: SqlStorageValue[]) =>
    runInDurableObject(directoryOf(env), (_, { storage }) => {
      storage.sql.exec(query, ...values)
    })

  async function storeFor(of: string, line_formats: string[]): Promise<void> {
    await ask('PUT', 'settings', { utc_offset: 0 })
    await store(
      'update setting set value = json_set(value, ?, json(?)) where site = ?',
      '$.line_formats',
      JSON.stringify(line_formats),
      of
    )
    forgetSettings(of)
  }

  it('is skipped with a warning, and the others still read', async () => {
    await storeFor(site, [unknown, format])
    const answer = await post(token, `${line}\n`)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ accepted: 1, rejected: 0, warnings: skipped })
    expect(await logged(site)).toMatchObject([{ shape: 'own', path: '/a' }])
  })

  it('is named in the message of a record that nothing read', async () => {
    await storeFor(site, [unknown])
    expect(await (await post(token, `${line}\n`)).json()).toMatchObject({ rejected: 1, warnings: skipped })
    const { records } = await (await get(`/api/sites/${site}/quarantine`)).json<{ records: Quarantined[] }>()
    expect(records).toMatchObject([
      { message: expect.stringContaining('a stored line format was skipped') as string }
    ])
  })

  it('is skipped where a format is tried, and when records run again', async () => {
    await post(token, `${line}\n`)
    await storeFor(site, [unknown, format])
    expect(await ask('POST', 'formats', { format, lines: line })).toMatchObject({ http: 200 })
    const { records } = await (await get(`/api/sites/${site}/quarantine`)).json<{ records: Quarantined[] }>()
    const ids = records.map(({ id }) => id)
    const answer = await change('POST', `/api/sites/${site}/quarantine/again`, { ids })
    expect(await answer.json<{ records: Again[] }>()).toMatchObject({ records: [{ outcome: 'accepted' }] })
  })

  it('is skipped for a token, too', async () => {
    await store('update token set line_formats = ?', JSON.stringify([unknown, format]))
    expect(await (await post(token, `${line}\n`)).json()).toMatchObject({ accepted: 1, warnings: skipped })
  })

  it('warns of nothing where all are known', async () => {
    await ask('PUT', 'settings', { line_formats: [format] })
    expect(await (await post(token, `${line}\n`)).json()).not.toHaveProperty('warnings')
  })
})

describe('the line formats of a token', () => {
  const own = 'at $time_iso8601 $remote_addr asked $host for $request_uri: $status'
  const lineOf = (path: string) => `at 2026-11-15T10:11:12Z 203.0.113.7 asked shop.example for ${path}: 404\n`
  const put = async (id: string, body: object) => {
    const response = await change('PUT', `/api/tokens/${id}`, body)
    return { http: response.status, ...(await response.json<object>()) }
  }
  const facts = async () => (await directoryOf(env).tokens())[0]!
  const wait = () => vi.setSystemTime(Date.now() + 60_001)

  afterEach(() => {
    vi.useRealTimers()
  })

  it('read its lines without a site in the address, before the formats of the site', async () => {
    const forAll = await tokenFor('*')
    const { id } = await facts()
    await change('PUT', '/api/settings', { host_sites: [{ host: 'shop.example', site }] })
    expect(await (await post(forAll, lineOf('/a'))).json()).toMatchObject({ accepted: 0, rejected: 1 })
    expect(await put(id, { line_formats: [own] })).toEqual({ http: 200, line_formats: [own] })
    wait()
    expect(await (await post(forAll, lineOf('/a'))).json()).toMatchObject({ accepted: 1 })
    await ask('PUT', 'settings', { line_formats: [own.replace('$request_uri', '$http_referer')] })
    expect(await (await post(forAll, lineOf('/b'), {}, `?site=${site}`)).json()).toMatchObject({
      accepted: 1
    })
    expect(await logged(site)).toMatchObject([{ path: '/a', shape: 'own' }, { path: '/b' }])
  })

  it('are tried before they are saved, and stay when its networks change and with its successor', async () => {
    const { id } = await facts()
    const body = { format: own, lines: lineOf('/a') }
    expect(await (await change('POST', `/api/tokens/${id}/formats`, body)).json()).toMatchObject({
      lines: [{ hit: { shape: 'own', host: 'shop.example', path: '/a' } }]
    })
    expect((await change('POST', '/api/tokens/nosuchid/formats', body)).status).toBe(404)
    await put(id, { line_formats: [own] })
    await put(id, { networks: ['203.0.113.0/24'] })
    expect(await facts()).toMatchObject({ networks: ['203.0.113.0/24'], line_formats: [own] })
    await directoryOf(env).rotateToken(id, Date.now())
    expect((await directoryOf(env).tokens()).map(({ line_formats }) => line_formats)).toEqual([[own], [own]])
  })

  it('are refused with the reason when they cannot be used', async () => {
    const { id } = await facts()
    expect(await put(id, { line_formats: ['$status$host'] })).toMatchObject({
      http: 400,
      error: { message: expect.stringContaining('Nothing stands between') as string }
    })
    expect(await put(id, { line_formats: own })).toMatchObject({ http: 400 })
    expect(await put(id, {})).toMatchObject({ http: 400 })
    expect(await facts()).toMatchObject({ line_formats: [] })
  })

  it('read what was refused before they were described', async () => {
    const { id } = await facts()
    await post(token, lineOf('/late'))
    const { records } = await (await get(`/api/sites/${site}/quarantine`)).json<{ records: Quarantined[] }>()
    await put(id, { line_formats: [own] })
    const ids = records.map(({ id }) => id)
    const answer = await change('POST', `/api/sites/${site}/quarantine/again`, { ids })
    expect(await answer.json<{ records: Again[] }>()).toMatchObject({ records: [{ outcome: 'accepted' }] })
    expect(await logged(site)).toMatchObject([{ path: '/late', shape: 'own' }])
  })

  it('are none for a token of before, whose table has no column for them', async () => {
    const { id, line_formats } = await runInDurableObject(directoryOf(env), (directory, { storage }) => {
      storage.sql.exec('alter table token drop column line_formats')
      const sql = (query: string, ...bindings: SqlStorageValue[]) =>
        storage.sql.exec(query, ...bindings).toArray()
      migrate({ sql } as unknown as Storage, 'select 1')
      return directory.tokens()[0]!
    })
    expect(line_formats).toEqual([])
    expect(await put(id, { line_formats: [own] })).toMatchObject({ http: 200 })
  })

  it('are none where a Directory of the version before names none', () => {
    expect(readingBy(null, undefined)).toEqual({ formats: [] })
  })
})
