import { env, reset, runInDurableObject } from 'cloudflare:test'
import { beforeEach, describe, expect, it } from 'vitest'
import { bufferOf } from '../../workers/access/reach.ts'
import { forgetSettings } from '../../workers/access/settings.ts'
import { change, get, logged, post, record, settle, stored, tokenFor } from './reach.ts'

const site = 'example'
const all = ['referrer', 'user_agent', 'query', 'plan']
let token: string

beforeEach(async () => {
  await reset()
  forgetSettings(site)
  token = await tokenFor(site)
})

const drop = (dropped_fields: unknown) => change('PUT', `/api/sites/${site}/settings`, { dropped_fields })
const send = async (...records: object[]) =>
  (await post(token, JSON.stringify(records))).json<Record<string, unknown>>()
const fields = (i: number, more: object = {}) =>
  record(i, {
    remote_addr: '203.0.113.7',
    request_id: `id-${i}`,
    request_uri: `/page?hidden=${i}`,
    http_referer: 'https://news.example/hidden?hidden',
    plan: 'hidden',
    note: 'kept',
    ...more
  })

describe('fields that a site drops', () => {
  it('never reach the log, but for the agent and the origin of the referrer', async () => {
    await drop(all)
    expect(await send(fields(1))).toMatchObject({ accepted: 1 })
    const hits = await logged(site)
    expect(hits).toMatchObject([{ path: '/page', query: null, referrer: 'https://news.example' }])
    expect(JSON.stringify(hits)).not.toContain('hidden')
    expect(hits[0]!.extra).toBe('{"note":"kept"}')
  })

  it('reach no part, and what is told from them does', async () => {
    await drop(all)
    await send(
      fields(1),
      fields(2, { http_user_agent: 'Mozilla/5.0 (X11; rv:141.0) Gecko/20100101 Firefox/141.0' })
    )
    await settle(site)
    expect(await stored(site, 'referrer')).toEqual([null, null])
    expect(await stored(site, 'user_agent')).toEqual([null, null])
    expect(await stored(site, 'referrer_domain')).toEqual(['news.example', 'news.example'])
    expect(await stored(site, 'browser')).toEqual(['Firefox', 'Firefox'])
    expect(await stored(site, 'is_bot')).toEqual([false, false])
    expect(new Set(await stored(site, 'visitor')).size).toBe(2)
  })

  it('are in no part and no answer, whatever their keys', async () => {
    await drop(['odd key', 'headers.X-Tenant', 'plan'])
    const more = { 'odd key': 'hidden', headers: { 'X-Tenant': 'hidden', via: 'kept' } }
    const answer = await post(
      token,
      JSON.stringify([fields(1, { ...more, request_uri: '/page', http_referer: 'https://news.example/' })])
    )
    expect(await answer.text()).not.toContain('hidden')
    await settle(site)
    expect(await stored(site, 'extra')).toEqual(['{"note":"kept","headers":{"via":"kept"}}'])
    for (const path of ['manifest', 'status', 'quarantine', 'settings']) {
      const response = await get(`/api/sites/${site}/${path}`)
      expect([path, response.status, (await response.text()).includes('hidden')]).toEqual([path, 200, false])
    }
  })

  it('are dropped from hits that come after', async () => {
    await send(fields(1))
    await drop(['user_agent'])
    await send(fields(2))
    await settle(site)
    expect((await stored(site, 'user_agent')).sort()).toEqual([record(1).http_user_agent, null])
  })

  it('are not in the quarantine either', async () => {
    await drop(all)
    const bodies = [
      { http_referer: 'https://hidden/', plan: 'hidden', note: 'kept' },
      { log: '{"http_referer":"https://hidden/","a":1}' }
    ].map((body) => JSON.stringify(body))
    const answer = await post(
      token,
      [...bodies, '{"plan":"hidden","note":oops}', 'plan=hidden /x?hidden'].join('\n')
    )
    expect(await answer.text()).not.toContain('hidden')
    const refused = JSON.stringify(await bufferOf(env, site).quarantine(9))
    expect(refused).not.toContain('hidden')
    expect(refused).toContain('kept')
  })

  it('are dropped from a refused record that is retried', async () => {
    const all = await tokenFor('*')
    await post(all, JSON.stringify([fields(1)]))
    await drop(['query'])
    const [waiting] = await bufferOf(env, '*').quarantine(9)
    await change('POST', '/api/sites/*/quarantine/again', { ids: [waiting!.id], site })
    expect(await logged(site)).toMatchObject([{ path: '/page', query: null }])
  })
})

describe('a line that comes again', () => {
  it.each([[['query']], [all]])('after %j are dropped, or are kept again, is known', async (list) => {
    expect(await send(fields(1), fields(2))).toMatchObject({ accepted: 2 })
    await drop(list)
    expect(await send(fields(2), fields(3))).toMatchObject({ accepted: 1, duplicate: 1 })
    expect(await send(fields(3), fields(4))).toMatchObject({ accepted: 1, duplicate: 1 })
    await drop([])
    expect(await send(...[1, 2, 3, 4].map((i) => fields(i)))).toMatchObject({ accepted: 0, duplicate: 4 })
  })

  it('in the same batch is known without an id, though its lines differ in what is dropped alone', async () => {
    const batch = Array.from({ length: 12 }, (_, i) =>
      fields(0, { request_id: undefined, request_uri: `/page?hidden=${i}` })
    )
    await drop([])
    expect(await send(...batch)).toMatchObject({ accepted: 12 })
    await drop(['query'])
    expect(await send(...batch)).toMatchObject({ accepted: 0, duplicate: 12 })
  })

  it('is not another one of the same id, whose dropped query differs', async () => {
    await drop(['query'])
    expect(await send(fields(1), fields(1, { request_uri: '/page?other' }))).toMatchObject({ accepted: 2 })
  })

  it('stays known when its hit was erased, whose query is dropped', async () => {
    await drop(['query'])
    await send(fields(1), fields(2, { request_uri: '/other?hidden' }))
    await settle(site)
    await change('POST', `/api/sites/${site}/erase`, { by: 'path', value: '/page' })
    await runInDurableObject(bufferOf(env, site), (object) => object.alarm())
    expect(await stored(site, 'path')).toEqual(['/other'])
    expect(await send(fields(1))).toMatchObject({ accepted: 0, duplicate: 1 })
  })
})

describe('the list of dropped fields', () => {
  it('is empty at first, and is kept in one spelling', async () => {
    expect(await (await get(`/api/sites/${site}/settings`)).json()).toMatchObject({ dropped_fields: [] })
    expect(await (await drop(['http_referer', ' plan '])).json()).toMatchObject({
      dropped_fields: ['referrer', 'plan']
    })
  })

  it.each([
    [['status'], 'has a column'],
    [['time'], 'has a column'],
    [['plan', '@timestamp'], 'has a column'],
    [['remote_user'], 'such names are kept'],
    [['remote_addr'], 'how addresses are kept'],
    ['plan', 'dropped_fields'],
    [[1], 'dropped_fields']
  ])('refuses %j and says why', async (list, why) => {
    const response = await drop(list)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain(why)
  })
})

describe('the switches of fields', () => {
  const usual = { unlisted: [], shown: null, long: [], searched: [] }
  const put = (field_switches: unknown) => change('PUT', `/api/sites/${site}/settings`, { field_switches })

  it('are the usual ones at first, and are kept with the other settings', async () => {
    expect(await (await get(`/api/sites/${site}/settings`)).json()).toMatchObject({ field_switches: usual })
    await drop(['plan'])
    const switched = {
      unlisted: ['host'],
      shown: ['time', 'extra.odd%20key'],
      long: ['message'],
      searched: ['extra.a']
    }
    expect(await (await put(switched)).json()).toMatchObject({
      field_switches: switched,
      dropped_fields: ['plan']
    })
  })

  it.each([
    [null, 'no object'],
    [{ ...usual, long: ["a'b"] }, 'long is no list'],
    [{ ...usual, searched: ['path'] }, 'only keys'],
    [{ ...usual, unlisted: Array.from({ length: 401 }, (_, i) => `extra.${i}`) }, 'more than 400']
  ])('refuse %j and say why', async (value, why) => {
    const response = await put(value)
    expect(response.status).toBe(400)
    expect(await response.text()).toContain(why)
  })
})
