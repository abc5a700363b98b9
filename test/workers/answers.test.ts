import { reset } from 'cloudflare:test'
import { beforeEach, describe, expect, it } from 'vitest'
import { forgetSettings } from '../../workers/access/settings.ts'
import { change, get, logged, post, record, records, tokenFor } from './reach.ts'

const lineOf = (i: number) =>
  `203.0.113.${i} - - [15/Nov/2026:10:11:${10 + i} +0000] "GET /page/${i} HTTP/1.1" 200 1228 "-" "curl/8.5.0"`
const lines = [1, 2, 3].map((i) => `${lineOf(i)}\n`).join('')
const agents = { curl: 'curl/8.5.0', syslogNg: 'syslog-ng 4.3.1/libcurl 8.5.0' }

let token: string

beforeEach(async () => {
  await reset()
  for (const site of ['shop', 'blog']) forgetSettings(site)
  token = await tokenFor('*')
})

async function send(body: string, headers: Record<string, string> = {}, query = '') {
  const response = await post(token, body, headers, query)
  return { http: response.status, ...(await response.json<Record<string, unknown>>()) }
}

describe('an answer', () => {
  it('counts the records of each site', async () => {
    const batch = [record(1, { service: 'shop' }), record(2, { service: 'blog' }), record(3)]
    const shop = { site: 'shop', accepted: 1, duplicate: 0, rejected: 1 }
    const blog = { site: 'blog', accepted: 1, duplicate: 0, rejected: 0 }
    expect(await send(JSON.stringify(batch))).toMatchObject({ http: 200, sites: [shop, blog] })
  })

  it('names no site for records that belong to none', async () => {
    expect(await send(lines)).toMatchObject({ status: 'rejected', rejected: 3, sites: [] })
  })

  it('counts each record of a repeated batch as a duplicate', async () => {
    const batch = JSON.stringify(records(20))
    await send(batch, {}, '?site=shop')
    const counts = { accepted: 0, duplicate: 20, rejected: 0 }
    const sites = [{ site: 'shop', ...counts }]
    expect(await send(batch, {}, '?site=shop')).toMatchObject({ status: 'duplicate', ...counts, sites })
  })

  it('names the site of the URL where a record names another', async () => {
    const answer = await send(JSON.stringify([record(1, { service: 'blog' })]), {}, '?site=shop')
    expect(answer).toMatchObject({ accepted: 1, sites: [{ site: 'shop', accepted: 1 }] })
    expect(await logged('shop')).toHaveLength(1)
  })
})

describe('a batch of refused records', () => {
  it.each([
    ['curl', { 'User-Agent': agents.curl }, 422],
    ['Wget', { 'User-Agent': 'Wget/1.21.4' }, 422],
    ['syslog-ng', { 'User-Agent': agents.syslogNg }, 200],
    ['a program without a name', {}, 200],
    ['whoever asks for it', { Prefer: 'handling=strict' }, 422],
    ['curl that asks not to', { 'User-Agent': agents.curl, Prefer: 'respond-async, handling=lenient' }, 200]
  ])('from %s has its own status', async (_, headers, http) => {
    expect(await send('no log\nnone either\n', headers)).toMatchObject({ http, status: 'rejected' })
  })

  it('fails again when curl repeats it', async () => {
    const batch = Array.from({ length: 20 }, (_, i) => `no log ${i}\n`).join('')
    const headers = { 'User-Agent': agents.curl }
    await send(batch, headers, '?site=shop')
    expect(await send(batch, headers, '?site=shop')).toMatchObject({ http: 422, status: 'rejected' })
  })

  it('does not fail if one of its records is accepted', async () => {
    const answer = await send(`no log\n${lines}`, { 'User-Agent': agents.curl }, '?site=shop')
    expect(answer).toMatchObject({ http: 200, status: 'partial', accepted: 3, rejected: 1 })
  })
})

describe('lines that curl -d joins', () => {
  const curl = { 'User-Agent': agents.curl, 'Content-Type': 'application/x-www-form-urlencoded' }

  it('are refused with the option that keeps their ends', async () => {
    const message = expect.stringContaining('--data-binary') as string
    const error = { code: 'joined_lines', message }
    expect(await send(lines.replaceAll('\n', ''), curl, '?site=shop')).toMatchObject({ http: 400, error })
    expect(await logged('shop')).toEqual([])
  })

  it('are no fault of a single line, nor of JSON', async () => {
    expect(await send(lineOf(1), curl, '?site=shop')).toMatchObject({ accepted: 1 })
    const joined = records(3, 5)
      .map((fields) => JSON.stringify(fields))
      .join('')
    expect(await send(joined, curl, '?site=shop')).toMatchObject({ accepted: 3 })
  })
})

describe('the name of a token', () => {
  const named = async () => {
    const { tokens } = await (await get('/api/tokens')).json<{ tokens: { id: string; name: string }[] }>()
    return Object.fromEntries(tokens.map(({ id, name }) => [id, name]))
  }

  it('is listed, changed, and kept by the next token', async () => {
    const made = await (
      await change('POST', '/api/tokens', { site: 'shop', name: ' web1 ' })
    ).json<{ id: string }>()
    expect(await named()).toMatchObject({ [made.id]: 'web1' })
    expect((await change('PUT', `/api/tokens/${made.id}`, { name: 'web2' })).status).toBe(200)
    const next = await (await change('POST', `/api/tokens/${made.id}/rotate`, {})).json<{ id: string }>()
    expect(await named()).toMatchObject({ [made.id]: 'web2', [next.id]: 'web2' })
  })

  it('is refused if it is too long or no text', async () => {
    for (const name of ['x'.repeat(65), 7, null])
      expect((await change('POST', '/api/tokens', { site: 'shop', name })).status).toBe(400)
  })
})
