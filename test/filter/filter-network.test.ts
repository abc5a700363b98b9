import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Clause, Selection } from '../../src/lib/filter/filter.ts'
import { operatorsOf } from '../../src/lib/filter/asked.ts'
import { readClause } from '../../src/lib/filter/filter.ts'
import { readNetwork } from '../../src/lib/filter/network.ts'
import { problemOf } from '../../src/lib/ask/selected.ts'
import { expectParity, openPair, type Pair } from '../ask/parity.ts'

const addresses = [
  '0.0.0.0',
  '9.255.255.255',
  '10.0.0.0',
  '10.1.16.0',
  '10.1.31.255',
  '10.1.32.0',
  '100.64.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '1::',
  '10::1',
  '2001:db7:ffff:ffff:ffff:ffff:ffff:ffff',
  '2001:db8::',
  '2001:db8::8:800:200c:417a',
  '2001:db8:0:1::',
  '2001:db8:0:1:1:1:1:1',
  '2001:db8:ffff::1',
  '2001:db80::1',
  'fe80::1',
  'ff02::2',
  null
]
const everything: Selection = { from: 0, to: 1_000, traffic: 'all', clauses: [] }

describe('a network', () => {
  let pair: Pair
  beforeAll(async () => {
    pair = await openPair(addresses.map((ip, seq) => ({ seq, time: seq, ip, path: `/${seq}` })))
  }, 60_000)
  afterAll(() => pair.close())

  const held = async (...clauses: Clause[]) => {
    const sql = `SELECT ip FROM flat SEMI JOIN selected('', 'now') USING (seq) ORDER BY seq`
    return (await expectParity(pair, sql, { ...everything, clauses })).map(({ ip }) => ip)
  }
  const of = (operator: Clause['operator'], ...values: string[]): Clause => ({
    field: 'ip',
    operator,
    values
  })
  const v4 = addresses.filter((ip) => ip?.includes('.'))
  const v6 = addresses.filter((ip) => ip?.includes(':'))

  test.each([
    ['0.0.0.0/0', v4],
    ['::/0', v6],
    ['10.0.0.0/8', ['10.0.0.0', '10.1.16.0', '10.1.31.255', '10.1.32.0']],
    ['10.9.8.7/8', ['10.0.0.0', '10.1.16.0', '10.1.31.255', '10.1.32.0']],
    ['10.1.16.0/20', ['10.1.16.0', '10.1.31.255']],
    ['8.0.0.0/7', ['9.255.255.255']],
    ['128.0.0.0/1', ['255.255.255.255']],
    ['10.1.32.0/32', ['10.1.32.0']],
    ['10.1.32.0', ['10.1.32.0']],
    ['::ffff:10.1.16.0/116', ['10.1.16.0', '10.1.31.255']],
    ['::1/128', ['::1']],
    ['::/127', ['::', '::1']],
    [
      '2001:db8::/32',
      [
        '2001:db8::',
        '2001:db8::8:800:200c:417a',
        '2001:db8:0:1::',
        '2001:db8:0:1:1:1:1:1',
        '2001:db8:ffff::1'
      ]
    ],
    ['2001:DB8:0:1::/64', ['2001:db8:0:1::', '2001:db8:0:1:1:1:1:1']],
    ['2001:db8::/47', ['2001:db8::', '2001:db8::8:800:200c:417a', '2001:db8:0:1::', '2001:db8:0:1:1:1:1:1']],
    ['2001:db8:ffff:0:0:0:0:1/128', ['2001:db8:ffff::1']],
    ['fe80::/10', ['fe80::1']],
    ['8000::/1', ['fe80::1', 'ff02::2']]
  ])('%s holds %j and its opposite the rest', async (net, expected) => {
    expect(await held(of('cidr', net))).toEqual(expected)
    expect(await held(of('ncidr', net))).toEqual(addresses.filter((ip) => !expected.includes(ip!)))
  })

  test('is one of several', async () => {
    expect(await held(of('cidr', '100.64.0.0/10', 'fe80::/10'))).toEqual(['100.64.0.1', 'fe80::1'])
    expect(await held(of('ncidr', '0.0.0.0/0', '::/0'))).toEqual([null])
  })

  test.each([
    '',
    'example.org',
    '10.0.0.0/33',
    '::/129',
    '10.0.0/8',
    '10.0.0.1:80',
    '1.2.3.4/-1',
    '::ffff:1.2.3.4/95',
    '300.1.1.1',
    "'; --"
  ])('is not %j: the clause has no effect and says why', async (text) => {
    expect(readNetwork(text)).toBeNull()
    expect(await held(of('cidr', text))).toEqual(addresses)
    expect(await pair.wasm.problemOf(of('cidr', text))).toMatch(/is not a network$/)
  })

  test('is of addresses only', () => {
    expect(readClause('cidr,path,10.0.0.0/8')).toBeNull()
    expect(operatorsOf('ip')).toContain('cidr')
    expect(operatorsOf('path')).not.toContain('cidr')
  })

  test.each(['([', '(?=a)', '\\1', '*', 'a{2000}', '(?P<n'])(
    'a pattern %j that the engine does not take has no effect and says why',
    async (pattern) => {
      const clause: Clause = { field: 'path', operator: 're', values: [pattern] }
      expect(await held(clause, of('is', '::1'))).toEqual(['::1'])
      expect(await pair.wasm.problemOf(clause)).toBeTruthy()
      expect(await pair.wasm.problemOf({ ...clause, values: ['(?i)^/A$'] })).toBeNull()
    }
  )

  test.each([
    ['status', 'abc', 'abc is not a number'],
    ['status', '', 'An empty value is not a number'],
    ['duration', '1e3', null],
    ['path', 'abc', null]
  ] as const)('a bound of %s: %j is %j', (field, value, problem) => {
    expect(problemOf({ field, operator: 'gt', values: [value] })).toBe(problem)
  })
})
