import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyRule, checkCondition, ownEvidenceSql } from '../../src/lib/device/own-rules.ts'
import { Store } from '../../src/lib/device/store.ts'
import { toObjects } from '../../src/lib/engine/connection.ts'
import { isRulings, noRulings, type OwnRule } from '../../src/lib/schema/rulings.ts'
import { seenColumns } from '../../src/lib/verdict/columns.ts'
import { alone, namedSql, seenSql, summonSql } from '../../src/lib/verdict/judge.ts'
import { openNative } from '../engine/native.ts'
import { partOf } from '../panels/rolled-copy.ts'
import { decoded, rowGroupOf, type Row } from '../star/incoming.ts'

const day = Date.UTC(2026, 10, 20)
const connection = await openNative()
const store = new Store(connection)

const hit = (visitor: number, path: string, rest: Row = {}): Row => ({
  seq: visitor,
  time: day + visitor * 1_000,
  visitor,
  path,
  method: 'GET',
  status: 200,
  is_bot: false,
  is_asset: false,
  referrer_kind: 'direct',
  user_agent: `Reader/${visitor}`,
  ip: `203.0.113.${visitor}`,
  ...rest
})

const rule = (test: string, rest: Partial<OwnRule> = {}): OwnRule => ({
  name: 'own_1',
  title: 'Mine',
  sentence: 'It is what I look for.',
  for: 'spam',
  weight: 60,
  test,
  ...rest
})
const by = (...rules: OwnRule[]) => ({ ...noRulings, rules })

async function load(position: number, rows: readonly Row[]) {
  const numbered = rows.map((row, i) => ({ ...row, seq: position * 65_536 + i }))
  await store.load([partOf(day, position, rows.length)], () => decoded([rowGroupOf(numbered)]))
}

const kinds = async () => {
  const answer = await connection.run(
    'SELECT hash::INTEGER AS visitor, kind FROM verdicts JOIN visitors USING (visitor) ORDER BY 1'
  )
  return toObjects<{ kind: string }>(answer).map(({ kind }) => kind)
}

beforeAll(async () => {
  await store.open('test')
  await load(1, [hit(1, '/'), hit(2, '/contact', { method: 'POST' }), hit(3, '/'), hit(3, '/')])
})
afterAll(() => connection.close())

test('the page lists the columns that a rule may read, with their types', async () => {
  const docket = { days: ['2026-11-20'] }
  await connection.run(summonSql(docket))
  for (const sql of [...seenSql(alone, docket, { at: 0, of: 1 }), namedSql]) await connection.run(sql)
  const { rows } = await connection.run('DESCRIBE seen')
  const types = new Map(rows.map(([name, type]) => [name, type]))
  for (const { name, type } of seenColumns)
    expect(`${name} ${String(types.get(name))}`).toBe(`${name} ${type}`)
  const inner = ['visitor', 'client', 'hash', 'ip']
  expect([...types.keys()].filter((name) => !inner.includes(String(name))).sort()).toEqual(
    seenColumns.map(({ name }) => name).sort()
  )
})

test.each([
  'hits > 3',
  "posts > 0 AND agent LIKE 'Reader/%'",
  "regexp_matches(agent, '^Reader') OR NOT is_hosting",
  "hour(first) BETWEEN 1 AND 5 AND first > TIMESTAMP '2026-01-01 00:00:00'",
  'CASE WHEN pages > 0 THEN assets / pages < 0.5 ELSE false END',
  "coalesce(bot_purpose, '') NOT IN ('search', 'feed')",
  "agent = 'it''s; DROP TABLE hits' OR CAST(asn AS INTEGER) = 64496",
  'hits > 1\n  AND\tpages > 0'
])('%s is a condition', async (condition) => {
  expect(await checkCondition(connection, condition)).toBeNull()
})

test.each([
  ['', 'The condition is empty.', null],
  ['hits >', /syntax error/, 6],
  ['hits > 3 AND', /syntax error/, 12],
  ['visits > 3', 'A condition can’t use “visits”: it isn’t a known column, function or operator.', 0],
  ['hits > 3 AND foo', 'A condition can’t use “foo”: it isn’t a known column, function or operator.', 13],
  ['hits > 3; DROP TABLE hits', 'A condition can’t have “;” here.', 8],
  ["hits > (SELECT count(*) FROM read_csv('/etc/passwd'))", /can’t use “SELECT”/, 8],
  ['hits > (FROM hits)', /can’t use “FROM”/, 8],
  ['EXISTS (TABLE hits)', /can’t use “EXISTS”/, 0],
  ['hits IN (VALUES (1))', /can’t use “VALUES”/, 9],
  ['len(range(1000000000)) > 0', /can’t use “len”/, 0],
  ['length(repeat(agent, 1000000)) > 0', /can’t use “repeat”/, 7],
  ["getvariable('x') = 1", /can’t use “getvariable”/, 0],
  ['true) OR (true', 'This parenthesis was never opened.', 4],
  ['(hits > 3', 'A parenthesis is not closed.', 9],
  ['hits > 3, true', 'A condition is one expression. Remove the comma.', 8],
  ['hits > 3 -- all', 'A condition can’t have a comment.', 9],
  ['hits > 3 /* all', 'A condition can’t have a comment.', 9],
  ["agent = 'a", 'A text is not closed.', 8],
  ['agent = $1', 'A condition can’t have “$” here.', 8],
  ['"hits" > 3', 'A condition can’t have “"” here.', 0],
  ['hits', 'The condition is a BIGINT. It must be true or false.', null],
  ["hits > 'many'", /Could not convert string 'many'/, 7],
  ["regexp_matches(agent, '(')", /missing \)/, null],
  ["lower(hits, 3) = 'a'", /No function matches/, 0],
  [`agent LIKE '${'a'.repeat(90)}' AND lower(hits, pages) = '${'b'.repeat(90)}'`, /No function matches/, 108]
])('%s is refused', async (condition, message, at) => {
  const problem = await checkCondition(connection, condition)
  expect(problem?.message).toMatch(message)
  expect(problem?.at).toBe(at)
})

test('a rule of the owner judges, weighs otherwise, and is taken back', async () => {
  await store.judgeBy(by(rule('posts > 0')))
  expect(await kinds()).toEqual(['person', 'spam', 'person'])
  await store.judgeBy({ ...by(rule('posts > 0')), weights: { own_1: 0 } })
  expect(await kinds()).toEqual(['person', 'person', 'person'])
  await store.judgeBy(by(rule('hits = 2', { for: 'detected' })))
  expect(await kinds()).toEqual(['person', 'person', 'detected'])
  await store.judgeBy(noRulings)
  expect(await kinds()).toEqual(['person', 'person', 'person'])
})

test('a trial counts the visitors, names what is wrong, and changes nothing', async () => {
  expect(await store.tryRule(rule('pages > 0'))).toEqual({ problem: null, found: 2 })
  expect(await store.tryRule(rule('foo'))).toMatchObject({ problem: { at: 0 } })
  expect(
    await store.tryRule(
      rule("CASE WHEN ends_with(agent, '1') THEN CAST(agent AS INTEGER) = 1 ELSE false END")
    )
  ).toEqual({
    problem: { message: 'It fails for 1 of 3 visitors.', at: null },
    found: 0
  })
  expect(await kinds()).toEqual(['person', 'person', 'person'])
})

test('a stored rule that is wrong is named, and stops neither a load nor other rules', async () => {
  await store.judgeBy(
    by(
      rule('sorcery > 0', { name: 'own_newer' }),
      rule('true', { name: 'own_kind', for: 'wizard' }),
      rule('CAST(agent AS INTEGER) > 0', { name: 'own_fails' }),
      rule('posts > 0', { name: 'own_good' })
    )
  )
  const leftOut = {
    own_newer: 'A condition can’t use “sorcery”: it isn’t a known column, function or operator.',
    own_kind: 'This version knows no verdict “wizard”.',
    own_fails: 'It fails for 3 of 3 visitors.'
  }
  expect(store.leftOut).toEqual(leftOut)
  expect(await kinds()).toEqual(['person', 'spam', 'person'])
  await load(2, [hit(4, '/contact', { method: 'POST' })])
  expect(await kinds()).toEqual(['person', 'spam', 'person', 'spam'])
  const again = new Store(connection)
  await again.open('test')
  expect(again.leftOut).toEqual(leftOut)
  await store.judgeBy(noRulings)
  expect(store.leftOut).toEqual({})
})

test('a rule that takes too long is stopped between two pieces, and left out', async () => {
  await connection.run(
    'CREATE OR REPLACE TEMP TABLE seen AS SELECT i::INTEGER AS visitor, 1 AS hits FROM range(10_000) t(i)'
  )
  await connection.run(ownEvidenceSql)
  let [now, looked] = [0, 0]
  const slow = () => (looked++, (now += 200))
  const why = await applyRule(connection, rule('hits > 0'), slow)
  expect(why).toBe('It takes more than a second for a million requests.')
  expect(looked).toBe(3)
  expect((await connection.run('FROM own_evidence')).rows).toEqual([])
  expect(await applyRule(connection, rule('hits > 0'), () => 0)).toBeNull()
  expect((await connection.run('SELECT count(*) FROM own_evidence')).rows).toEqual([[10_000]])
})

test('the server takes rules of a bounded number and length', () => {
  expect(isRulings(by(rule('hits > 0')))).toBe(true)
  expect(isRulings(noRulings)).toBe(true)
  const rules = Array.from({ length: 51 }, (_, i) => rule('hits > 0', { name: `own_${i}` }))
  expect(isRulings(by(...rules.slice(1)))).toBe(true)
  for (const wrong of [
    by(...rules),
    by(rule('a'), rule('b')),
    by(rule('a'.repeat(1_001))),
    by(rule('')),
    by(rule('a', { title: '' })),
    by(rule('a', { title: 'a'.repeat(81) })),
    by(rule('a', { sentence: 'a'.repeat(301) })),
    by(rule('a', { name: 'attack' })),
    by(rule('a', { name: "own_'" })),
    by(rule('a', { for: "x'" })),
    by(rule('a', { weight: 1.5 })),
    by(rule('a', { weight: 0 })),
    by(rule('a', { weight: 1_001 })),
    { ...noRulings, rules: {} },
    { ...noRulings, rules: [null] }
  ])
    expect(isRulings(wrong)).toBe(false)
})
