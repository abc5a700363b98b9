import { reset } from 'cloudflare:test'
import { beforeEach, expect, it } from 'vitest'
import { forgetSettings } from '../../workers/access/settings.ts'
import { change, logged, post, tokenFor } from './reach.ts'

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
      { index: 1, message: 'line is no access log: no line' }
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
