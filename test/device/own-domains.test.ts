import { afterEach, beforeEach, expect, test } from 'vitest'
import { Store } from '../../src/lib/device/store.ts'
import { toObjects, type Connection } from '../../src/lib/engine/connection.ts'
import { openNative } from '../engine/native.ts'
import { partOf } from '../panels/rolled-copy.ts'
import { decoded, rowGroupOf, type Row } from '../star/incoming.ts'

const day = Date.UTC(2026, 10, 20)
let connection: Connection
let store: Store
let position: number

beforeEach(async () => {
  connection = await openNative()
  store = new Store(connection)
  position = 1
  await store.open('test')
})
afterEach(() => connection.close())

const hit = (path: string, referrer: string | null, rest: Row = {}): Row => ({
  visitor: 1,
  path,
  method: 'GET',
  status: 200,
  is_bot: false,
  is_asset: false,
  user_agent: 'Firefox',
  ip: '203.0.113.1',
  referrer,
  referrer_domain: referrer && new URL(referrer).hostname,
  referrer_kind: referrer ? (referrer.includes('google') ? 'search' : 'link') : 'direct',
  ...rest
})

async function load(rows: readonly Row[]) {
  const part = partOf(day, position, rows.length)
  const numbered = rows.map((row, i) => ({ seq: position * 65_536 + i, time: day + i * 1_000, ...row }))
  position++
  await store.load([part], () => decoded([rowGroupOf(numbered)]))
}

/** The kind of the hits of each domain. */
async function kinds() {
  const answer = await connection.run(
    `SELECT referrer_domain AS domain, string_agg(DISTINCT referrer_kind, '|') AS kind, count(*)::DOUBLE AS hits
     FROM flat WHERE referrer_domain IS NOT NULL GROUP BY ALL`
  )
  const rows = toObjects<{ domain: string; kind: string; hits: number }>(answer)
  return Object.fromEntries(rows.map(({ domain, kind, hits }) => [domain, `${kind} ${hits}`]))
}
const sources = async () => (await connection.run('SELECT count(*)::DOUBLE FROM sources')).rows[0]![0]

const own = 'https://shop.example'
const visit = [
  hit('/', 'https://www.google.com/search'),
  hit('/a', `${own}/`),
  hit('/b', `${own}/a`),
  hit('/c', `${own}/b?page=2`),
  hit('/', `${own}/c`)
]

test('a log without hosts tells its own domain by the pages that referrers name', async () => {
  await load([...visit, hit('/a', 'https://blog.example/a'), hit('/a', 'https://blog.example/post')])
  expect(await kinds()).toEqual({
    'shop.example': 'internal 4',
    'www.google.com': 'search 1',
    'blog.example': 'link 2'
  })
})

test('a domain that is learned later counts for the hits before, and no row is listed twice', async () => {
  await load(visit.slice(0, 3))
  expect((await kinds())['shop.example']).toBe('link 2')
  await load(visit.slice(3))
  expect((await kinds())['shop.example']).toBe('internal 4')
  const before = await sources()
  await load(visit)
  await load(visit)
  expect((await kinds())['shop.example']).toBe('internal 12')
  expect(await sources()).toBe(before)
})

test('where hosts are logged they decide', async () => {
  const logged = { host: 'other.example' }
  await load(visit.map((row) => ({ ...row, ...logged })))
  expect((await kinds())['shop.example']).toBe('link 4')
})

test('a host that is logged from some day on makes no row double', async () => {
  await load(visit)
  const internal = visit.slice(1).map((row) => ({ ...row, host: 'shop.example', referrer_kind: 'internal' }))
  await load([...internal, ...visit])
  await load([...internal, ...visit])
  expect((await kinds())['shop.example']).toBe('internal 20')
})

test('a domain is forgotten with its hits', async () => {
  await load(visit)
  await store.drop([{ day: '2026-11-20', ranges: [{ from: 1, to: 2 }] }])
  expect((await connection.run('SELECT * FROM own_domains')).rows).toEqual([])
})

const named = (...own_domains: string[]) => ({ weights: {}, decisions: [], own_domains })

test('referrers of a set domain and its subdomains are internal, in old and new hits', async () => {
  const mail = hit('/x', 'https://mail.shop.example/', { referrer_kind: 'email' })
  await load([hit('/x', `${own}/y`), mail, hit('/x', 'https://myshop.example/')])
  expect(await store.judgeBy(named('shop.example'))).toBe(true)
  const internal = {
    'shop.example': 'internal 1',
    'mail.shop.example': 'internal 1',
    'myshop.example': 'link 1'
  }
  expect(await kinds()).toEqual(internal)
  const rows = await sources()
  await load([hit('/x', `${own}/y`), hit('/x', 'https://new.shop.example/')])
  expect(await kinds()).toEqual({
    ...internal,
    'shop.example': 'internal 2',
    'new.shop.example': 'internal 1'
  })
  expect(await sources()).toBe(Number(rows) + 1)
})

test('referrers of a domain that is set no more have their kind again', async () => {
  const mail = hit('/x', 'https://mail.other.example/', { referrer_kind: 'email' })
  await load([...visit, mail])
  await store.judgeBy(named('other.example'))
  await store.judgeBy(named())
  expect(await kinds()).toEqual({
    'shop.example': 'internal 4',
    'www.google.com': 'search 1',
    'mail.other.example': 'email 1'
  })
})

test('hosts of the log stay internal when a set domain is removed', async () => {
  const logged = { host: 'www.Shop.example:443' }
  const internal = hit('/a', `${own}/`, { ...logged, referrer_kind: 'internal' })
  await load([internal, hit('/a', 'https://other.example/', logged)])
  await store.judgeBy(named('shop.example', 'other.example'))
  expect(await kinds()).toEqual({ 'shop.example': 'internal 1', 'other.example': 'internal 1' })
  await store.judgeBy(named())
  expect(await kinds()).toEqual({ 'shop.example': 'internal 1', 'other.example': 'link 1' })
})
