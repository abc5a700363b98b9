import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Query } from '#lib/ask/query.ts'
import type { Selection } from '#lib/filter/filter.ts'
import { askPinned, mostRows } from '#lib/panels/pinned/ask-pinned.ts'
import { openPair, type Pair } from '../ask/parity.ts'

const noon = Date.UTC(2026, 10, 20, 12)
const row = (minute: number, status: number) => ({
  seq: minute,
  kind: 'request',
  time: noon + minute * 60_000,
  path: `/${minute}`,
  status,
  visitor: 1
})
const selection: Selection = { from: noon, to: noon + 3_600_000, traffic: 'all', clauses: [] }
const timing = { zone: 'UTC', interval: '1 hour' } as const

describe('a pinned query', { timeout: 60_000 }, () => {
  let pair: Pair
  let device: Parameters<typeof askPinned>[0]['device']
  beforeAll(async () => {
    pair = await openPair([row(0, 200), row(1, 404), row(100, 404)])
    device = { query: pair.wasm, connect: async () => pair.native }
  }, 60_000)
  afterAll(() => pair.close())

  const ask = (
    sql: string,
    { patience = 10_000, signal = new AbortController().signal, on = selection } = {}
  ) => askPinned({ device, selection: on, timing, sql, patience, signal })

  it('follows the selection', async () => {
    const sql = 'SELECT path FROM selected WHERE status = 404'
    expect((await ask(sql)).rows).toEqual([['/1']])
    const longer = { ...selection, to: noon + 86_400_000 }
    expect((await ask(sql, { on: longer })).rows).toEqual([['/1'], ['/100']])
  })

  it('gives one row more than is shown', async () => {
    expect((await ask('SELECT * FROM range(5000)')).rows).toHaveLength(mostRows + 1)
  })

  it.each([
    'DROP TABLE hits',
    'SELECT 1; SELECT 2',
    `COPY (SELECT 1) TO 'x'`,
    'WITH a AS (SELECT 1) DELETE FROM hits'
  ])('is never %j', async (sql) => {
    await expect(ask(sql)).rejects.toThrow(/begins with SELECT|one statement|changes nothing/)
    expect((await ask('SELECT count(*) FROM hits')).rows).toEqual([[3]])
  })

  it('ends when its time is over, and the next one runs', async () => {
    const endless = 'SELECT count(*) FROM range(10000000000) a WHERE random() > 2'
    await expect(ask(endless, { patience: 50 })).rejects.toThrow('It took longer than 0.05 seconds.')
    expect((await ask('SELECT 1')).rows).toEqual([[1]])
  })

  it('ends when nobody looks at it anymore', async () => {
    const looking = new AbortController()
    const answer = ask('SELECT count(*) FROM range(10000000000) a WHERE random() > 2', {
      signal: looking.signal
    })
    setTimeout(() => looking.abort(), 50)
    await expect(answer).rejects.toThrow()
    expect((await ask('SELECT 1')).rows).toEqual([[1]])
  })

  it('waits for the questions of the panels', async () => {
    const answered: string[] = []
    const query = new Query({
      run: async (sql) => {
        await new Promise((resolve) => setTimeout(resolve, 50))
        answered.push('panel')
        return pair.wasm.answer(sql)
      },
      ask: () => Promise.reject(new Error('not asked')),
      insert: async () => {},
      cancel: async () => {},
      close: async () => {}
    })
    query.hits = 1
    const busy = { query, connect: async () => pair.native }
    void query.answer('SELECT 1')
    const order = { selection, timing, patience: 10_000, signal: new AbortController().signal }
    await askPinned({ device: busy, sql: 'SELECT 2', ...order }).then(() => answered.push('pin'))
    expect(answered).toEqual(['panel', 'pin'])
  })
})
