import { expect, onTestFinished, test } from 'vitest'
import { routesOf } from '../../src/lib/panels/routes.ts'
import { expectParity, openPair } from '../ask/parity.ts'

const start = Date.UTC(2026, 10, 20)
const selection = { from: start, to: start + 60_000, traffic: 'all' as const, clauses: [] }

test('routes of a log without methods are listed too', { timeout: 60_000 }, async () => {
  const paths = ['/orders/1', '/orders/22', '/orders/22', '/about']
  const pair = await openPair(
    paths.map((path, i) => ({
      seq: i,
      kind: 'request',
      time: start + i,
      path,
      method: i === 2 ? 'POST' : null,
      duration: 10 * (i + 1),
      is_asset: false,
      is_bot: false,
      visitor: i,
      shape: 'ballcone'
    }))
  )
  onTestFinished(() => pair.close())
  const rows = await expectParity(pair, routesOf(false), selection)
  expect(rows.map(({ method, route, requests }) => [method, route, requests])).toEqual([
    [null, '/about', 1],
    ['POST', '/orders/:id', 1],
    [null, '/orders/:id', 2]
  ])
})
