import { env, reset, runInDurableObject, SELF } from 'cloudflare:test'
import type { Again, Quarantined, Status } from '#lib/schema/status.ts'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { bufferOf, directoryOf } from '../../workers/access/reach.ts'
import type { HitBuffer } from '../../workers/store/hit-buffer.ts'
import { get, logged, post, record, ringUntil, tokenFor } from './reach.ts'

beforeEach(() => reset())

const site = 'example'
const path = `/api/sites/${site}`
const status = async (of = site) => (await (await get(`/api/sites/${of}/status`)).json()) as Status
const quarantined = async () =>
  ((await (await get(`${path}/quarantine`)).json()) as { records: Quarantined[] }).records

async function again(ids: unknown, of = site, given?: unknown): Promise<Again[]> {
  const response = await call('POST', `/api/sites/${of}/quarantine/again`, { ids, site: given })
  if (response.status !== 200) throw new Error(String(response.status))
  return ((await response.json()) as { records: Again[] }).records
}

async function call(method: string, path: string, body?: object): Promise<Response> {
  const { secret } = await directoryOf(env).open('session')
  return SELF.fetch(`http://localhost${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
    headers: { Cookie: `loggia=${secret}`, 'X-Loggia': '1' }
  })
}

/** As if what accepts had been mended since: the text in quarantine is one that it takes. */
async function mend(id: number, raw: string, of = site) {
  await runInDurableObject(bufferOf(env, of), (_: HitBuffer, state) => {
    state.storage.sql.exec('update quarantine set raw = ? where id = ?', raw, id)
  })
}

it('lists refused records of one reason', async () => {
  await post(await tokenFor(site), 'no log\nat all\n')
  await post(await tokenFor(site), '{"broken"}')
  const read = async (query: string) => (await get(`${path}/quarantine${query}`)).json()
  const reasons = [
    { reason: 'line', records: 2 },
    { reason: 'json', records: 1 }
  ]
  expect(await read('')).toMatchObject({ records: [{}, {}, {}], reasons })
  expect(await read('?reason=json')).toMatchObject({ records: [{ reason: 'json' }], reasons })
  expect(await read('?reason=shape')).toEqual({ records: [], reasons })
})

describe('a refused record', () => {
  it('is refused again while nothing is mended', async () => {
    await post(await tokenFor(site), 'no log\nat all\n')
    const ids = (await quarantined()).map(({ id }) => id)
    expect(await again(ids)).toMatchObject(
      ids.map((id) => ({ id, outcome: 'refused', message: /no access log/ }))
    )
    expect(await status()).toMatchObject({ quarantined: 2, outcomes: { line: 2 } })
  })

  it('leaves the quarantine when it is accepted, and is counted once', async () => {
    await post(await tokenFor(site), 'no log\nat all\n')
    const [{ id, received }] = (await quarantined()) as [Quarantined]
    await mend(id, JSON.stringify(record(1)))
    expect(await again([id, 999])).toEqual([
      { id, outcome: 'accepted', message: '' },
      { id: 999, outcome: 'gone', message: '' }
    ])
    expect(await again([id])).toMatchObject([{ outcome: 'gone' }])
    const { outcomes, unflushed_rows, quarantined: left, forwarders } = await status()
    expect([outcomes, unflushed_rows, left]).toEqual([{ accepted: 1, line: 1 }, 1, 1])
    expect(forwarders).toMatchObject([{ batches: 1, records: 2 }])
    expect(await logged(site)).toMatchObject([{ path: '/page/1', token: expect.any(String) }])
    expect(received).toBeLessThanOrEqual(Date.now())
  })

  it('has the time at which it first came, if it names none', async () => {
    await post(await tokenFor(site), 'no log\n')
    const [{ id, received }] = (await quarantined()) as [Quarantined]
    await mend(id, '{"path":"/timeless","status":200}')
    vi.setSystemTime(received + 86_400_000)
    expect(await again([id])).toMatchObject([{ outcome: 'accepted' }])
    vi.useRealTimers()
    expect(await logged(site)).toMatchObject([{ path: '/timeless', time: received }])
  })

  it('is counted once when it was appended and the answer got lost', async () => {
    await post(await tokenFor(site), 'no log\nat all\n')
    const [{ id }] = (await quarantined()) as [Quarantined]
    await mend(id, JSON.stringify(record(1)))
    const before = await runInDurableObject(bufferOf(env, site), (_: HitBuffer, state) =>
      state.storage.sql.exec('select * from quarantine where id = ?', id).one()
    )
    await again([id])
    await runInDurableObject(bufferOf(env, site), (_: HitBuffer, state) => {
      const { received, token, reason, message, raw } = before
      const query =
        'insert into quarantine (id, received, token, reason, message, raw) values (?, ?, ?, ?, ?, ?)'
      state.storage.sql.exec(query, id, received, token, reason, message, raw)
    })
    expect(await again([id])).toMatchObject([{ outcome: 'duplicate' }])
    expect(await logged(site)).toHaveLength(1)
    expect((await status()).outcomes.accepted).toBe(1)
  })

  it('is another than the one before it that left the quarantine by the same number', async () => {
    for (const i of [1, 2]) {
      await post(await tokenFor(site), 'no log\n')
      const [{ id }] = (await quarantined()) as [Quarantined]
      await mend(id, JSON.stringify(record(i)))
      expect(await again([id])).toMatchObject([{ outcome: 'accepted' }])
      await scheduler.wait(5)
    }
    expect((await logged(site)).map(({ path }) => path)).toEqual(['/page/1', '/page/2'])
  })

  it('is a duplicate when its request came meanwhile', async () => {
    const token = await tokenFor(site)
    const line = { ...record(1), request_id: 'the very one' }
    await post(token, 'no log\nat all\n')
    await post(token, JSON.stringify([line]))
    const [{ id }] = (await quarantined()) as [Quarantined]
    await mend(id, JSON.stringify(line))
    expect(await again([id])).toMatchObject([{ outcome: 'duplicate' }])
    expect((await status()).outcomes).toEqual({ accepted: 1, duplicate: 1, line: 1 })
  })

  it('is not run again when only its head was kept', async () => {
    await post(await tokenFor(site), `${'x'.repeat(5_000)}\n${'y'.repeat(10)}\n`)
    const records = await quarantined()
    expect(records.map(({ is_cut }) => is_cut)).toEqual([false, true])
    await mend(records[1]!.id, JSON.stringify(record(1)))
    expect(await again([records[1]!.id])).toMatchObject([{ outcome: 'cut' }])
  })

  it('goes to the site it names, and stays where it names none', async () => {
    const { token } = await directoryOf(env).createToken('*')
    await post(token, JSON.stringify([{ ...record(0), service: site }, { service: site }, { x: 1 }]))
    const ids = (await quarantined()).map(({ id }) => id).sort()
    await mend(ids[0]!, JSON.stringify({ ...record(1), service: 'other.example' }))
    await mend(ids[1]!, JSON.stringify(record(2)))
    expect(await again(ids)).toMatchObject([{ outcome: 'accepted' }, { outcome: 'refused' }])
    expect((await status('other.example')).outcomes).toEqual({ accepted: 1 })
    expect((await status()).outcomes).toEqual({ accepted: 1, shape: 1 })
  })

  it('goes to the site that the URL named, whatever it names itself', async () => {
    const { token } = await directoryOf(env).createToken('*')
    await post(token, 'no log\nat all\n', {}, `?site=${site}`)
    const [first, second] = (await quarantined()).map(({ id }) => id)
    await mend(first!, JSON.stringify(record(1)))
    await mend(second!, JSON.stringify(record(2, { service: 'other.example' })))
    expect(await again([first, second])).toMatchObject([{ outcome: 'accepted' }, { outcome: 'accepted' }])
    expect((await status()).outcomes).toEqual({ accepted: 2, line: 0 })
    expect((await status('other.example')).outcomes).toEqual({})
  })

  it('of no site goes to the site that it names once it can be read', async () => {
    const { token } = await directoryOf(env).createToken('*')
    await post(token, 'no log at all\n')
    const stray = (await (await get('/api/sites/*/quarantine')).json()) as { records: Quarantined[] }
    const [{ id }] = stray.records as [Quarantined]
    const runAgain = () => again([id], '*')
    expect(await runAgain()).toMatchObject([{ outcome: 'refused' }])
    await mend(id, JSON.stringify(record(1)), '*')
    expect(await runAgain()).toMatchObject([{ outcome: 'refused', message: /names no service/ }])
    await mend(id, JSON.stringify({ ...record(1), service: site }), '*')
    expect(await runAgain()).toMatchObject([{ outcome: 'accepted' }])
    expect((await status()).outcomes).toEqual({ accepted: 1 })
    expect(await status('*')).toMatchObject({ quarantined: 0, unflushed_rows: 0 })
  })

  it('of no site that can be read and names none goes to the site it is given', async () => {
    const { token } = await directoryOf(env).createToken('*')
    await post(token, JSON.stringify([record(1), record(2)]))
    const { records } = (await (await get('/api/sites/*/quarantine')).json()) as { records: Quarantined[] }
    const ids = records.map(({ id }) => id)
    expect(records.map(({ reason }) => reason)).toEqual(['site', 'site'])
    expect(await again(ids, '*')).toMatchObject([{ outcome: 'refused' }, { outcome: 'refused' }])
    expect(await again(ids, '*', site)).toMatchObject([{ outcome: 'accepted' }, { outcome: 'accepted' }])
    const hits = await logged(site)
    expect(hits.map(({ path }) => path).sort()).toEqual(['/page/1', '/page/2'])
    expect(hits[0]).toMatchObject({ ip: expect.stringMatching(/^203\.0\.113\./), status: 200, method: 'GET' })
    expect((await status('*')).quarantined).toBe(0)
    expect(await again(ids, '*', site)).toMatchObject([{ outcome: 'gone' }, { outcome: 'gone' }])
  })

  it.each([
    ['*', 'No Site'],
    ['*', 7],
    [site, 'other.example']
  ])('of %s does not go to %j', async (of, given) => {
    await expect(again([1], of, given)).rejects.toThrow('400')
  })

  it('of no site is erased with the address it names', async () => {
    const { token } = await directoryOf(env).createToken('*')
    await post(token, 'no log of 203.0.113.7\nnor of 203.0.113.8\n')
    expect((await status('*')).quarantined).toBe(2)
    await call('POST', `${path}/erase`, { by: 'ip', value: '203.0.113.7' })
    await ringUntil('*', async () => {
      expect((await status('*')).quarantined).toBe(1)
    })
  })

  it.each([
    ['ip', ' 2001:0DB8:0:0:0:0:0:7\n', 'no log of 2001:db8::7'],
    ['ip', '[2001:db8::7]:443', 'no log of 2001:db8::7'],
    ['path', '/a b', 'no log of /a b']
  ])('is erased by the %s %j', async (by, value, text) => {
    await post(await tokenFor(site), text)
    expect((await call('POST', `${path}/erase`, { by, value })).status).toBe(202)
    await ringUntil(site, async () => {
      expect((await status()).quarantined).toBe(0)
    })
  })

  it.each([
    ['ip', '203.0.113'],
    ['ip', '203.0.113.0/24'],
    ['visitor', 'abc'],
    ['path', '']
  ])('is not erased by the %s %j', async (by, value) => {
    const response = await call('POST', `${path}/erase`, { by, value })
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(value)])
  })

  it.each([['1'], [[1.5]], [['1']], [Array(51).fill(1)], [undefined]])('has no id %j', async (ids) => {
    await expect(again(ids)).rejects.toThrow('400')
  })
})

describe('forgetting', () => {
  const forget = async (query: string) => {
    const response = await call('DELETE', `${path}/quarantine${query}`)
    return [response.status, await response.json()]
  }

  it('takes out what was seen, of one reason or of all, and nothing that came since', async () => {
    await post(await tokenFor(site), 'no log\nat all\n')
    await post(await tokenFor(site), '{"broken"}')
    const [{ id: last }] = (await quarantined()) as [Quarantined]
    await post(await tokenFor(site), 'another line\n')
    expect(await forget(`?last=${last}&reason=line`)).toEqual([200, { forgotten: 2 }])
    expect((await quarantined()).map(({ raw }) => raw)).toEqual(['another line', '{"broken"}'])
    expect(await forget(`?last=${last}`)).toEqual([200, { forgotten: 1 }])
    expect((await quarantined()).map(({ raw }) => raw)).toEqual(['another line'])
    expect((await status()).outcomes).toEqual({ line: 3, json: 1 })
  })

  it.each(['', '?last=', '?last=x', '?last=-1', '?last=1e9'])(
    'wants to know up to where, not %j',
    async (query) => {
      await post(await tokenFor(site), 'no log\n')
      expect(await forget(query)).toMatchObject([400, { error: { code: 'last' } }])
      expect(await quarantined()).toHaveLength(1)
    }
  )

  it('is for who is signed in, from this page', async () => {
    const url = `http://localhost${path}/quarantine?last=9`
    expect((await SELF.fetch(url, { method: 'DELETE' })).status).toBe(403)
    expect((await SELF.fetch(url, { method: 'DELETE', headers: { 'X-Loggia': '1' } })).status).toBe(401)
  })
})

it('counts what is billed', async () => {
  const token = await tokenFor(site)
  const before = (await status()).operations.counts
  await post(token, JSON.stringify([record(1)]))
  const after = (await status()).operations.counts
  expect(after.request - before.request).toBe(2)
  expect(after.row_written).toBeGreaterThan(before.row_written)
  expect((await status()).stored.database).toBeGreaterThan(4_096)
})
