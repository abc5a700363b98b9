import {
  abortAllDurableObjects,
  env,
  reset,
  runDurableObjectAlarm,
  runInDurableObject
} from 'cloudflare:test'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Manifest, ManifestChange } from '#lib/schema/manifest.ts'
import { bufferOf } from '../../workers/access/reach.ts'
import type { HitBuffer } from '../../workers/store/hit-buffer.ts'
import { Watchers } from '../../workers/store/watchers.ts'
import { PartReader } from '../../workers/store/parquet.ts'
import { get, post, record, records, ringUntil, settle, tokenFor, turned } from './reach.ts'

let token: string

beforeEach(async () => {
  await reset()
  token = await tokenFor('example')
})

const send = (count: number, from = 0) => post(token, JSON.stringify(records(count, from)))
const manifest = async () => (await (await get('/api/sites/example/manifest')).json()) as Manifest

/** Every seq of every live part, read over the route. */
async function seqs(): Promise<number[]> {
  const all: number[] = []
  for (const part of (await manifest()).parts) {
    const response = await get(`/api/sites/example/parts/${part.id}`)
    const reader = PartReader.of(new Uint8Array(await response.arrayBuffer()))
    for (const group of reader.groups.keys())
      all.push(...(await reader.values('seq', group)).map((value) => Number(value)))
  }
  return all.sort((a, b) => a - b)
}

describe('HitBuffer', () => {
  it('sets an alarm with the first batch and flushes by it', async () => {
    await send(20)
    const buffer = bufferOf(env, 'example')
    await runInDurableObject(buffer, async (_: HitBuffer, state) => {
      const alarm = await state.storage.getAlarm()
      expect(alarm! - Date.now()).toBeGreaterThan(50_000)
      expect(alarm! - Date.now()).toBeLessThanOrEqual(60_000)
    })
  })

  it('sets an alarm anew that was lost, whoever asks', async () => {
    await send(20)
    const storage = <T>(work: (storage: DurableObjectStorage) => Promise<T>) =>
      runInDurableObject(bufferOf(env, 'example'), (_: HitBuffer, state) => work(state.storage))
    await storage((storage) => storage.deleteAlarm())
    await abortAllDurableObjects()
    expect((await manifest()).version).toBe(0)
    expect(await storage((storage) => storage.getAlarm())).toBeGreaterThan(Date.now())
    await storage((storage) => storage.deleteAlarm())
    vi.setSystemTime(Date.now() + 600_000)
    await bufferOf(env, 'example').status()
    expect(await storage((storage) => storage.getAlarm())).not.toBeNull()
    vi.useRealTimers()
  })

  it('sets the alarm with the next batch where it could not be set with the last', async () => {
    const buffer = bufferOf(env, 'example')
    await runInDurableObject(buffer, (_: HitBuffer, { storage }) => {
      vi.spyOn(storage, 'setAlarm').mockRejectedValueOnce(new Error('database or disk is full: SQLITE_FULL'))
    })
    expect((await send(20)).status).toBe(503)
    expect((await send(20)).status).toBe(200)
    const alarm = await runInDurableObject(buffer, (_: HitBuffer, { storage }) => storage.getAlarm())
    expect(alarm).not.toBeNull()
  })

  it('sets the next alarm though what it counted for the bill cannot be written', async () => {
    await send(20)
    const buffer = bufferOf(env, 'example')
    await runInDurableObject(buffer, (_: HitBuffer, { storage }) => {
      const { exec } = storage.sql
      vi.spyOn(storage.sql, 'exec').mockImplementation(function (this: SqlStorage, query, ...bindings) {
        if (query.includes('into operation')) throw new Error('database or disk is full: SQLITE_FULL')
        return exec.call(this, query, ...bindings) as never
      })
    })
    vi.setSystemTime(Date.now() + 61_000)
    await runDurableObjectAlarm(buffer)
    const before = (await buffer.status()).operations.counts
    vi.restoreAllMocks()
    vi.useRealTimers()
    const alarm = await runInDurableObject(buffer, (_: HitBuffer, { storage }) => storage.getAlarm())
    expect(alarm).not.toBeNull()
    expect([before.alarm, before.object_put > 0]).toEqual([1, true])
  })

  describe('when storage was put back', () => {
    const ask = async (version: number) => {
      const response = await get('/api/sites/example/manifest', { 'If-None-Match': `"${version}"` })
      return (await response.json()) as Manifest
    }
    /** Stored after the point in time to which storage went back. */
    const addForeign = () =>
      env.PARTS.put('site=example/year=2026/month=11/day=20/abcdefghijklmnop.parquet', 'later')

    it('begins a new epoch for a reader who has seen more', async () => {
      await send(20)
      await settle('example')
      await addForeign()
      const { version, parts } = await ask(50)
      expect(version).toBeGreaterThan(86_400_000)
      const epoch = parts[0]!.revision
      expect(epoch).toBeGreaterThan(1e6)
      expect(await ask(50)).toMatchObject({ version, parts: [{ revision: epoch }] })
      await send(20, 20)
      await settle('example')
      const after = await manifest()
      expect(after.version).toBeGreaterThan(version)
      expect(new Set(after.parts.map(({ revision }) => revision))).toEqual(new Set([epoch]))
    })

    it('does not take the word of a reader for it', async () => {
      await send(20)
      await settle('example')
      const before = await manifest()
      expect(await ask(999_999_999_999_999)).toEqual(before)
    })

    it('begins a new epoch before it commits again, though nobody has asked', async () => {
      await send(20)
      await settle('example')
      await addForeign()
      await runInDurableObject(bufferOf(env, 'example'), (_, { storage }) => {
        storage.sql.exec('update part set since = since - 600000')
      })
      await send(20, 20)
      await settle('example')
      const { version, parts } = await manifest()
      expect(version).toBeGreaterThan(86_400_000)
      expect(parts.every(({ revision }) => revision > 1e6)).toBe(true)
    })
  })

  it('erases on demand', async () => {
    await send(20)
    await bufferOf(env, 'example').erase({ by: 'ip', value: '203.0.113.7' })
    await settle('example')
    await ringUntil('example', async () => {
      const { rows, outcomes } = await bufferOf(env, 'example').status()
      expect([rows, outcomes.erased]).toEqual([19, 1])
    })
  })

  it('flushes 16,000 rows without waiting', async () => {
    for (let i = 0; i < 4; i++) await send(4_100, i * 4_100)
    await vi.waitFor(async () => {
      const { unflushed_rows, rows } = await bufferOf(env, 'example').status()
      expect([rows > 0, rows + unflushed_rows]).toEqual([true, 16_400])
    }, turned)
  })

  it('reads no more rows for a batch the longer its log is', async () => {
    const buffer = bufferOf(env, 'example')
    const cost = async () => {
      const readRows = async () => (await buffer.status()).operations.counts.row_read
      const before = await readRows()
      await send(1)
      return (await readRows()) - before
    }
    await send(1)
    const ofShort = await cost()
    await runInDurableObject(buffer, (_: HitBuffer, { storage }) => {
      storage.sql.exec(
        `insert into log (position, rows, received, rows_before, bytes_before, hits)
         select last.position + n, 1, received, rows_before + n, bytes_before + n * length(hits), hits
         from (select * from log order by position desc limit 1) as last,
           (with recursive count as (select 1 as n union all select n + 1 from count where n < 3000) select n from count)`
      )
    })
    expect(await cost()).toBe(ofShort)
  })

  it('takes a batch between two flushes of one that touches 150 days', async () => {
    const days = Array.from({ length: 150 }, (_, i) => record(-i * 24 * 60))
    await post(token, JSON.stringify(days))
    vi.setSystemTime(Date.now() + 61_000)
    const buffer = bufferOf(env, 'example')
    let isOver = false
    const ringing = runDurableObjectAlarm(buffer).finally(() => (isOver = true))
    let isAnsweredBetween = false
    while (!isOver) {
      await send(1)
      const { rows, unflushed_rows } = await buffer.status()
      if (rows > 0 && unflushed_rows > 20) isAnsweredBetween = true
    }
    await ringing
    vi.useRealTimers()
    expect(isAnsweredBetween).toBe(true)
  })

  it('keeps every acknowledged hit once, over flushes, restarts and compaction', async () => {
    for (let i = 0; i < 10; i++) {
      await send(30, i * 30)
      await settle('example')
      if (i % 3 === 0) await abortAllDurableObjects()
    }
    const all = await seqs()
    expect(all).toHaveLength(300)
    expect(new Set(all).size).toBe(300)
  })

  it('takes lines with an id once, however a forwarder cuts its batches anew', async () => {
    const lines = records(60).map((record, i) => ({ ...record, request_id: `id-${i}` }))
    const cut = async (from: number, to: number) =>
      (await post(token, JSON.stringify(lines.slice(from, to)))).json()
    expect(await cut(0, 30)).toMatchObject({ received: 30, accepted: 30, duplicate: 0 })
    await settle('example')
    await abortAllDurableObjects()
    expect(await cut(20, 50)).toMatchObject({ received: 30, accepted: 20, duplicate: 10 })
    expect(await cut(5, 60)).toMatchObject({ received: 55, accepted: 10, duplicate: 45 })
    await settle('example')
    expect(await seqs()).toHaveLength(60)
  })

  it('is found whole by fsck', async () => {
    await send(20)
    await settle('example')
    await send(5, 20)
    const checked: unknown = await (await get('/api/sites/example/fsck')).json()
    expect(checked).toMatchObject({ parts: 1, rows: 20, unflushed: 5, findings: [], repaired: 0 })
    const [{ key }] = (await env.PARTS.list({ prefix: 'site=example/' })).objects as [R2Object]
    await env.PARTS.delete(key)
    const harmed: unknown = await (await get('/api/sites/example/fsck')).json()
    expect(harmed).toMatchObject({ findings: [{ kind: 'missing' }] })
  })

  it('tells watchers what was committed', async () => {
    const response = await get('/api/sites/example/live', { Upgrade: 'websocket' })
    const socket = response.webSocket!
    const told = new Promise<ManifestChange>((resolve) => {
      socket.addEventListener('message', ({ data }) => resolve(JSON.parse(data as string) as ManifestChange))
    })
    socket.accept()
    await send(20)
    const change = await told
    expect(change.added.map((part) => part.rows)).toEqual([20])
    expect(change).toMatchObject({ version: 1, removed: [] })
    socket.close()
  })

  it('sleeps on while the runtime answers whether a watcher is connected', async () => {
    const { webSocket: socket } = await get('/api/sites/example/live', { Upgrade: 'websocket' })
    const answer = new Promise((resolve) => socket!.addEventListener('message', ({ data }) => resolve(data)))
    socket!.accept()
    socket!.send('ping')
    expect(await answer).toBe('pong')
    const answered = await runInDurableObject(bufferOf(env, 'example'), (_: HitBuffer, ctx) =>
      ctx.getWebSockets().map((one) => ctx.getWebSocketAutoResponseTimestamp(one))
    )
    expect(answered).toEqual([expect.any(Date)])
    socket!.close()
  })

  describe('a page that is open on a site', () => {
    const open = async () => {
      const { webSocket: socket } = await get('/api/sites/example/live', { Upgrade: 'websocket' })
      const closed = vi.fn<() => void>()
      socket!.addEventListener('close', closed)
      socket!.accept()
      return { socket: socket!, closed }
    }
    const inBuffer = <T>(act: (ctx: DurableObjectState) => T) =>
      runInDurableObject(bufferOf(env, 'example'), (_: HitBuffer, ctx) => act(ctx))
    /** As if all pages had been opened two minutes ago. */
    const age = () =>
      inBuffer((ctx) => ctx.getWebSockets().forEach((one) => one.serializeAttachment(Date.now() - 120_000)))
    const areThere = () => inBuffer((ctx) => new Watchers(ctx).areThere(Date.now()))

    it('is let go of once it is silent for a minute, and no other is', async () => {
      const gone = await open()
      await age()
      const there = await open()
      expect(await areThere()).toBe(true)
      await vi.waitFor(() => expect(gone.closed).toHaveBeenCalled())
      expect(there.closed).not.toHaveBeenCalled()
      await age()
      expect(await areThere()).toBe(false)
    })

    it('stays as long as it asks', async () => {
      const { socket, closed } = await open()
      await age()
      const heard = new Promise((resolve) => socket.addEventListener('message', resolve))
      socket.send('ping')
      await heard
      expect(await areThere()).toBe(true)
      expect(closed).not.toHaveBeenCalled()
      socket.close()
    })
  })

  it('gives the manifest an ETag and the parts a Range', async () => {
    await send(20)
    await settle('example')
    const response = await get('/api/sites/example/manifest')
    const etag = response.headers.get('ETag')!
    const { parts } = (await response.json()) as Manifest
    expect((await get('/api/sites/example/manifest', { 'If-None-Match': etag })).status).toBe(304)
    const part = await get(`/api/sites/example/parts/${parts[0]!.id}`, { Range: 'bytes=0-3' })
    expect([part.status, await part.text()]).toEqual([206, 'PAR1'])
    expect((await get('/api/sites/example/parts/nosuchpart000000')).status).toBe(404)
  })
})
