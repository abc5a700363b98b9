import { afterAll, beforeAll, expect, test } from 'vitest'
import { breakdownOf, type Value } from '../../src/lib/panels/breakdowns.ts'
import { panels } from '../../src/lib/panels/ledger.ts'
import { openNative } from '../engine/native.ts'
import { Copy, day, start } from './rolled-copy.ts'

const copy = new Copy(await openNative())
beforeAll(async () => {
  await copy.store.open('test')
  await copy.openRolls()
  for (let i = 0; i < 10; i++) await copy.load(start + i * day, 40)
  await copy.roll()
})
afterAll(() => copy.connection.close())

const tabs = panels
  .flatMap(({ tabs }) => tabs)
  .filter(({ name }) => ['visited', 'code', 'country'].includes(name))

test('rows are compared with what had passed, from hits and from roll-ups alike', async () => {
  const selection = { from: start + 8 * day, to: start + 10 * day, traffic: 'all' as const, clauses: [] }
  const until = start + 5 * day + 13 * 3_600_000 + 7 * 60_000
  for (const tab of tabs) {
    // The period before ends earlier than `until` asks in the one, and at it in the other.
    await copy.query.select({ ...selection, previous: { from: start, to: start + 8 * day } })
    const found = (await copy.ask(breakdownOf(tab, 'previous', until), false)) as unknown as Value[]
    expect(await copy.ask(breakdownOf(tab, 'previous', until), true)).toEqual(found)
    await copy.query.select({ ...selection, previous: { from: start, to: until } })
    expect(await copy.ask(breakdownOf(tab, 'previous'), true)).toEqual(found)
    expect(found[0]!.all_requests).toBeGreaterThan(0)
  }
})
