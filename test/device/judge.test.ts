import { afterAll, beforeAll, expect, test } from 'vitest'
import { Judge } from '../../src/lib/device/judge.ts'
import { Store } from '../../src/lib/device/store.ts'
import { toObjects } from '../../src/lib/engine/connection.ts'
import { noRulings, type Decision } from '../../src/lib/schema/rulings.ts'
import { rules } from '../../src/lib/verdict/rules.ts'
import { openNative } from '../engine/native.ts'
import { partOf } from '../panels/rolled-copy.ts'
import { decoded, rowGroupOf, type Row } from '../star/incoming.ts'

const day = Date.UTC(2026, 10, 20)
const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'

const connection = await openNative()
let breaks = false
let judgements = 0
const store = new Store({
  ...connection,
  run: (sql, values) => {
    if (breaks && sql.includes('UPDATE hits')) return Promise.reject(new Error('no room'))
    if (sql.includes('UPDATE hits')) judgements++
    return connection.run(sql, values)
  }
})
let position = 1

const hit = (visitor: number, path: string, rest: Row = {}): Row => ({
  time: day + visitor * 1_000,
  visitor,
  path,
  method: 'GET',
  status: 200,
  is_bot: false,
  is_asset: /\.(?:css|js|png)$/.test(path),
  referrer_kind: 'direct',
  user_agent: chrome,
  ip: `203.0.113.${visitor}`,
  ...rest
})

async function load(rows: readonly Row[]) {
  const part = partOf(day, position, rows.length)
  const numbered = rows.map((row, i) => ({ seq: position * 65_536 + i, ...row }))
  position++
  await store.load([part], () => decoded([rowGroupOf(numbered)]))
}

async function kinds(): Promise<Record<string, string>> {
  const answer = await connection.run(
    `SELECT hash::VARCHAR AS visitor, verdicts.kind, list(DISTINCT hits.class) AS classes, verdicts.class AS class
     FROM verdicts JOIN visitors USING (visitor) JOIN hits USING (visitor) GROUP BY ALL`
  )
  const rows = toObjects<{ visitor: string; kind: string; classes: number[]; class: number }>(answer)
  for (const { classes, class: own } of rows) expect(classes).toEqual([own])
  return Object.fromEntries(rows.map(({ visitor, kind }) => [visitor, kind]))
}

const decide = (one: Omit<Decision, 'at'>): Decision => ({ ...one, at: day })

beforeAll(() => store.open('test'))
afterAll(() => connection.close())

test('who loads pages with their parts is a person, who asks for secrets a scanner, whatever the agent says', async () => {
  await load([
    ...[1, 2].flatMap((visitor) => [hit(visitor, '/'), hit(visitor, '/style.css'), hit(visitor, '/app.js')]),
    hit(3, '/.env', { status: 404 }),
    hit(4, '/', { is_bot: true, bot_name: 'Googlebot', bot_purpose: 'search' }),
    hit(5, '/', { is_bot: true, bot_name: 'curl', bot_purpose: 'library' })
  ])
  expect(await kinds()).toEqual({ 1: 'person', 2: 'person', 3: 'scanner', 4: 'declared', 5: 'library' })
  expect(judgements, 'the first visitors are judged once').toBe(1)
})

test('a visitor is judged again when more hits of it come', async () => {
  await load([hit(1, '/.git/config', { status: 404 }), hit(6, '/a', { status: 404 })])
  expect(await kinds()).toMatchObject({ 1: 'scanner', 6: 'person' })
})

test('who shares an address with an attacker is judged by that, too, whoever came first', async () => {
  await load([hit(7, '/', { ip: '203.0.113.3', user_agent: 'Mozilla/5.0 (X11; Linux) Other' })])
  await load([hit(8, '/'), hit(9, '/.env', { status: 404, ip: '203.0.113.8' })])
  expect(await kinds()).toMatchObject({ 7: 'scanner', 8: 'scanner', 9: 'scanner' })
})

test('visitors are judged the same in any shares, and at the next time if that was broken off', async () => {
  const whole = await kinds()
  const judge = new Judge(connection, rules, 3)
  await judge.open()
  let changes = 0
  await judge.judgeAll(async (_, judgeSome) => {
    changes++
    await judgeSome()
  })
  expect(changes).toBeGreaterThan(0)
  expect(await kinds()).toEqual(whole)
  await expect(judge.judgeAll(() => Promise.reject(new Error('closed')))).rejects.toThrow('closed')
  const next = new Judge(connection, rules)
  await next.open()
  expect(next.isBy(judge.rulings)).toBe(false)
  await next.judgeAll((_, judgeSome) => judgeSome())
  expect(next.isBy(judge.rulings)).toBe(true)
  expect(await kinds()).toEqual(whole)
})

test('the owner’s word holds against all rules, by address, network, agent and visitor, until it is taken back', async () => {
  const before = await kinds()
  const decisions = [
    decide({ field: 'ip', operator: 'is', value: '203.0.113.1', class: 'people' }),
    decide({ field: 'user_agent', operator: 'is', value: 'Mozilla/5.0 (X11; Linux) Other', class: 'bots' }),
    decide({ field: 'visitor', operator: 'is', value: '2', class: 'suspicious' }),
    decide({ field: 'ip', operator: 'cidr', value: '203.0.113.4/31', class: 'people' })
  ]
  expect(await store.judgeBy({ weights: {}, decisions })).toBe(true)
  expect(await kinds()).toMatchObject({
    1: 'person',
    2: 'scanner',
    4: 'person',
    5: 'person',
    7: 'detected',
    3: 'scanner'
  })
  expect(await store.judgeBy({ weights: {}, decisions })).toBe(false)
  const again = new Store(connection)
  await again.open('test')
  expect(again.rulings).toEqual({ weights: {}, decisions })
  await store.judgeBy(noRulings)
  expect(await kinds()).toEqual(before)
})

test('the last word on a visitor holds', async () => {
  const one = { field: 'ip', operator: 'is', value: '203.0.113.3' } as const
  const decisions = [decide({ ...one, class: 'people' }), decide({ ...one, class: 'bots' })]
  await store.judgeBy({ weights: {}, decisions })
  expect(await kinds()).toMatchObject({ 3: 'detected' })
  await store.judgeBy(noRulings)
})

test('a word is text: it can be no SQL', async () => {
  const value = "' OR true; DROP TABLE hits; --"
  await store.judgeBy({
    weights: {},
    decisions: [decide({ field: 'user_agent', operator: 'is', value, class: 'bots' })]
  })
  expect(await kinds()).toMatchObject({ 2: 'person' })
  await store.judgeBy(noRulings)
})

test('a rule that is off, or weighs otherwise, judges all again', async () => {
  await store.judgeBy({ weights: { attack: 0, probe: 0, neighbor: 0, crowd: 0 }, decisions: [] })
  expect(await kinds()).toMatchObject({ 1: 'person', 3: 'person' })
  await store.judgeBy({ weights: { loaded: 100 }, decisions: [] })
  expect(await kinds()).toMatchObject({ 2: 'detected' })
  await store.judgeBy(noRulings)
})

test('who is known for sure is no scanner, and who only says so is an impostor', async () => {
  const google = { is_bot: true, bot_name: 'Googlebot', bot_purpose: 'search' }
  await load([
    hit(20, '/.env', { ...google, bot_proof: 'verified', status: 404 }),
    hit(21, '/', { ...google, bot_proof: 'impostor' }),
    hit(22, '/', { ...google, bot_proof: 'signed' })
  ])
  expect(await kinds()).toMatchObject({ 20: 'verified', 21: 'impostor', 22: 'signed' })
})

test('a judgement that fails leaves what was there, and what it was judged by', async () => {
  const before = await kinds()
  const decisions = [decide({ field: 'ip', operator: 'is', value: '203.0.113.1', class: 'bots' })]
  breaks = true
  await expect(store.judgeBy({ weights: {}, decisions })).rejects.toThrow('no room')
  breaks = false
  expect(store.rulings).toEqual(noRulings)
  expect(await kinds()).toEqual(before)
})

test('what all visitors tell of the site is kept with the verdicts', async () => {
  const judgedBy = async () => toObjects(await connection.run('SELECT surroundings FROM judged_by'))
  const attackers = [30, 31, 32, 33, 34].map((visitor) => hit(visitor, '/.env', { status: 404 }))
  await load(attackers)
  expect(await judgedBy()).toEqual([
    { surroundings: '{"hasAssets":true,"isCrowded":true,"isSpammed":false}' }
  ])
  const again = new Store(connection)
  await again.open('test')
  const part = partOf(day, position, 1)
  const row = { seq: position++ * 65_536, ...hit(40, '/') }
  await again.load([part], () => decoded([rowGroupOf([row])]))
  const { rows } = await connection.run(
    'SELECT rule FROM evidence JOIN visitors USING (visitor) WHERE hash = 40 ORDER BY rule'
  )
  expect(rows.flat()).toEqual(['bare', 'crowd', 'unreferred'])
})

test('rules have names, sentences and points, each name once', () => {
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length)
  for (const { sentence, weight } of rules) {
    expect(sentence).toMatch(/^[A-Z].*\.$/)
    expect(Number.isInteger(weight) && weight !== 0).toBe(true)
  }
})
