import {
  abortAllDurableObjects,
  env,
  reset,
  runDurableObjectAlarm,
  runInDurableObject
} from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { traffic } from '#lib/alert/presets.ts'
import type { AlertEdit, AlertRule } from '#lib/schema/alerts.ts'
import type { Away } from '#lib/schema/away.ts'
import { bufferOf } from '../../workers/access/reach.ts'
import { idOf } from '../../workers/access/tokens.ts'
import type { HitBuffer } from '../../workers/store/hit-buffer.ts'
import { watcherOf } from '../../workers/watch/reach.ts'
import type { Watcher } from '../../workers/watch/watcher.ts'
import { change, get, post, record, settle, tokenFor } from './reach.ts'

const site = 'example'
const busy: AlertRule = { ...traffic('busy', 'Busy', 2, 10), away: true }
const silent: AlertRule = {
  ...busy,
  id: 'silent',
  title: 'Silent',
  metric: 'count',
  comparator: 'below',
  threshold: 1,
  window: 60
}

let token: string
let start: number

beforeEach(async () => {
  await reset()
  token = await tokenFor(site)
  start = Math.floor(Date.now() / 1_000)
})

afterEach(() => vi.useRealTimers())

const save = (...alerts: AlertRule[]) => change('PUT', `/api/sites/${site}/settings`, { alerts })
const away = async () => (await get(`/api/sites/${site}/away`)).json<Away>()
/** Saves rules and waits until each was looked at once: their first alarm rings by itself. */
async function begin(...rules: AlertRule[]): Promise<void> {
  expect((await save(...rules)).status).toBe(200)
  await vi.waitFor(async () => {
    await look()
    expect((await away()).rules.every(({ until }) => until !== null)).toBe(true)
  })
}
const look = () => runDurableObjectAlarm(watcherOf(env, site))
const noticesOf = async () =>
  (await away()).events
    .toReversed()
    .map(({ rule, is, fired, until }) => [rule, is, is === 'fired' ? fired : until])
/** Takes a table away from the watcher, so that it can do nothing, or gives it back. */
const rename = (from: string, to: string) =>
  runInDurableObject(watcherOf(env, site), (_: Watcher, { storage }) => {
    storage.sql.exec(`alter table ${from} rename to ${to}`)
  })
const alarmOf = () =>
  runInDurableObject(watcherOf(env, site), (_: Watcher, { storage }) => storage.getAlarm())

/** Requests at a second, by the clock of now. */
const send = (second: number, count: number, status = '200') =>
  post(
    token,
    JSON.stringify(
      Array.from({ length: count }, (_, i) =>
        record(i, {
          time_iso8601: new Date(second * 1_000).toISOString(),
          status,
          request_id: `${second} ${i}`
        })
      )
    )
  )

/** Lets time pass, and what is logged be flushed and handed over. */
async function pass(seconds: number): Promise<void> {
  vi.setSystemTime(Date.now() + seconds * 1_000)
  await runDurableObjectAlarm(bufferOf(env, site))
  await vi.waitFor(async () => {
    const waiting = await runInDurableObject(bufferOf(env, site), (_: HitBuffer, { storage }) => [
      ...storage.sql.exec('select id from tally'),
      ...storage.sql.exec('select position from log')
    ])
    expect(waiting).toEqual([])
  })
}

describe('a rule that the server watches', () => {
  it('fires and recovers once each, at the seconds at which a page sees it', async () => {
    await begin(busy)
    await send(start + 10, 40)
    await pass(70)
    expect(await noticesOf()).toEqual([
      ['busy', 'fired', start + 10],
      ['busy', 'recovered', start + 20]
    ])
    await send(start + 71, 40)
    await pass(70)
    await look()
    expect(await noticesOf()).toHaveLength(4)
  })

  it('goes on from what was seen when its objects end, and takes no count twice', async () => {
    await begin(busy)
    await send(start + 66, 12)
    await pass(67)
    expect(await noticesOf()).toEqual([])
    await abortAllDurableObjects()
    await send(start + 68, 12)
    await pass(67)
    await abortAllDurableObjects()
    await look()
    expect(await noticesOf()).toEqual([
      ['busy', 'fired', start + 68],
      ['busy', 'recovered', start + 76]
    ])
  })

  it('is given counts again that the watcher could not take, and takes them once', async () => {
    await begin(busy)
    await send(start + 1, 40)
    await rename('rule', 'rule_away')
    vi.setSystemTime(Date.now() + 70_000)
    await runDurableObjectAlarm(bufferOf(env, site))
    // The buffer tries again a minute after the watcher refused.
    const retry = () =>
      runInDurableObject(bufferOf(env, site), (_: HitBuffer, { storage }) => storage.getAlarm())
    await vi.waitFor(async () => expect(await retry()).toBe(Date.now() + 60_000))
    await rename('rule_away', 'rule')
    const counting = await bufferOf(env, site).counts([])
    expect(counting.counts).toMatchObject([{ rule: 'busy', second: [start + 1], hits: [40] }])
    expect(await noticesOf()).toEqual([])
    await pass(61)
    expect(await noticesOf()).toHaveLength(2)
    await watcherOf(env, site).take(counting)
    expect(await noticesOf()).toHaveLength(2)
  })

  it('of silence fires by the alarm, and not while hits wait to be flushed', async () => {
    await begin(silent)
    await send(start + 1, 1)
    await pass(62)
    await look()
    expect(await noticesOf()).toEqual([])
    expect(await alarmOf()).toBe((start + 61 + 5) * 1_000)
    await send(start + 60, 1)
    vi.setSystemTime(Date.now() + 60_000)
    await look()
    expect(await noticesOf()).toEqual([])
    await pass(1)
    vi.setSystemTime((start + 200) * 1_000)
    await look()
    expect(await noticesOf()).toEqual([['silent', 'fired', start + 120]])
    await look()
    expect(await noticesOf()).toHaveLength(1)
  })

  it('of the silence of one forwarder fires though others send, across the ends of its objects', async () => {
    const silence = { ...busy, metric: 'silence', threshold: 60, window: 3_600 } as const
    await begin(
      { ...silence, id: 'any', field: 'token' },
      { ...silence, id: 'first', where: [`is,token,${idOf(token)}`] },
      { ...silence, id: 'site' }
    )
    await send(start + 1, 1)
    token = await tokenFor(site)
    await send(start + 2, 1)
    await pass(61)
    await abortAllDurableObjects()
    await send(start + 61, 1)
    await pass(61)
    await look()
    expect((await noticesOf()).toSorted()).toEqual([
      ['any', 'fired', start + 61],
      ['first', 'fired', start + 61]
    ])
  })

  it('counts a share by what enrichment found', async () => {
    const bots: AlertRule = {
      ...busy,
      metric: 'share',
      where: ['is,browser,Firefox', 'is,status,500'],
      threshold: 50
    }
    await begin(bots)
    await send(start + 3, 4)
    await send(start + 4, 6, '500')
    await pass(70)
    expect(await noticesOf()).toEqual([
      ['busy', 'fired', start + 4],
      ['busy', 'recovered', start + 14]
    ])
  })

  it('notifies of what fires in a mute when the mute ends, if it still fires', async () => {
    await begin({ ...silent, muted: { from: start - 10, until: start + 300 } })
    vi.setSystemTime((start + 200) * 1_000)
    await look()
    expect(await noticesOf()).toEqual([])
    expect((await away()).rules).toMatchObject([{ id: 'silent', isFiring: true }])
    vi.setSystemTime((start + 370) * 1_000)
    await look()
    expect(await noticesOf()).toHaveLength(1)
  })

  it.each([
    [{ metric: 'latency', quantile: 0.9 }, 'latency needs more than that'],
    [{ window: 90_000 }, 'looks back 6 hours at most'],
    [{ where: ['is,verdict,bot'] }, 'verdict is known to a site alone'],
    [{ where: ['re,path,('] }, 'is no regular expression']
  ] as const)('%j is refused with the reason', async (other, reason) => {
    const answer = await save({ ...busy, ...other } as AlertRule)
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain(reason)
  })

  it('is watched no more once it is switched off, or its site is paused', async () => {
    await begin(busy)
    await change('PUT', `/api/sites/${site}/settings`, { state: 'paused' })
    expect((await away()).rules).toEqual([])
    await change('PUT', `/api/sites/${site}/settings`, { state: 'active' })
    expect((await away()).rules).toHaveLength(1)
    await save({ ...busy, away: false })
    expect((await away()).rules).toEqual([])
  })

  it('writes nothing to the store of a site without one', async () => {
    await save({ ...busy, away: false })
    await send(start + 1, 40)
    await settle(site)
    const rows = await runInDurableObject(bufferOf(env, site), (_: HitBuffer, { storage }) => [
      ...storage.sql.exec('select id from tally'),
      ...storage.sql.exec("select name from state where name = 'watched'")
    ])
    expect(rows).toEqual([])
  })
})

describe('the changes of rules', () => {
  const edits = async () => (await get(`/api/sites/${site}/alert-edits`)).json<AlertEdit[]>()

  it('are kept with the rule as it was before, the newest first', async () => {
    await save(busy)
    await save({ ...busy, threshold: 7 })
    await save({ ...busy, threshold: 7 })
    await save(silent)
    expect((await edits()).find(({ id }) => id === 'silent')).toMatchObject({ before: null })
    const ofBusy = (await edits()).filter(({ id }) => id === 'busy')
    expect(ofBusy.map(({ before }) => before?.threshold ?? null)).toEqual([7, 2, null])
  })

  it('are at most 100 of a site', async () => {
    for (let threshold = 1; threshold <= 110; threshold++) await save({ ...busy, threshold })
    const found = await edits()
    expect(found).toHaveLength(100)
    expect(found[0]!.before!.threshold).toBe(109)
  })

  it('of one site are not those of another', async () => {
    await save(busy)
    expect(await (await get('/api/sites/other/alert-edits')).json()).toEqual([])
  })
})

describe('an output', () => {
  const runOutput = (method: string, path: string, body: object) =>
    change(method, `/api/sites/${site}/away/outputs${path}`, body)
  const add = (url: string, kind = 'json') => runOutput('POST', '', { url, kind })

  /** An address of an output that answers with a status. */
  const hookOf = (status: number) => `https://outputs.example/${status}/${crypto.randomUUID()}`
  const postsTo = async (hook: string) => (await fetch(hook)).json<number>()

  it('is listed without its secret', async () => {
    expect((await add('https://hooks.slack.com/services/T0/B0/very-secret', 'slack')).status).toBe(200)
    const text = JSON.stringify(await away())
    expect(text).toContain('https://hooks.slack.com/…')
    expect(text).not.toContain('very-secret')
  })

  it.each(['http://example.com/', 'https://10.0.0.1/', 'https://localhost/', 'http://127.0.0.1:8080/'])(
    'at %s is refused',
    async (url) => {
      const answer = await add(url)
      expect(answer.status).toBe(400)
      expect(await answer.text()).toContain("Loggia can't send there")
    }
  )

  it('that fails is tried six times in an hour, keeps no batch waiting, and is shown as failing', async () => {
    const hook = hookOf(500)
    await begin(busy)
    await add(hook)
    await send(start + 1, 40)
    await pass(70)
    for (let minute = 0; minute < 90; minute++) {
      await look()
      vi.setSystemTime(Date.now() + 60_000)
    }
    const { outputs, events } = await away()
    // Fired and recovered.
    expect(await postsTo(hook)).toBe(12)
    expect(outputs).toMatchObject([{ waiting: 0, last: { isSent: false, answer: 'answered 500' } }])
    expect(events.map(({ sent, unsent }) => [sent, unsent])).toEqual([
      [[], 1],
      [[], 1]
    ])
    expect((await send(start + 2, 1)).status).toBe(200)
  })

  it('that was removed is sent nothing more', async () => {
    const hook = hookOf(200)
    await begin(busy)
    const { id } = await (await add(hook)).json<{ id: string }>()
    await send(start + 1, 40)
    await pass(70)
    expect((await runOutput('DELETE', `/${id}`, {})).status).toBe(200)
    await look()
    expect(await postsTo(hook)).toBe(0)
    expect((await runOutput('POST', `/${id}/test`, {})).status).toBe(404)
  })
})
