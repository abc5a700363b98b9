import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Traffic } from '../../src/lib/filter/filter.ts'

vi.mock('../../src/lib/filter/classes.ts', () => ({
  classes: [
    { name: 'people', title: 'People', color: 'green' },
    { name: 'bots', title: 'Bots', color: 'blue', test: 'is_bot' },
    { name: 'suspicious', title: 'Suspicious', color: 'red', test: 'status = 404' }
  ]
}))

const { traffics } = await import('../../src/lib/filter/filter.ts')
const { breakdownOf } = await import('../../src/lib/panels/breakdowns.ts')
const { figuresOf, shownClasses, splits } = await import('../../src/lib/panels/figures.ts')
const { panels } = await import('../../src/lib/panels/ledger.ts')
const { openNative } = await import('../engine/native.ts')
const { Copy, day, start } = await import('./rolled-copy.ts')

const copy = new Copy(await openNative())
beforeAll(async () => {
  await copy.store.open('test')
  await copy.openRolls()
  for (let i = 0; i < 9; i++) await copy.load(start + i * day, 40)
  await copy.roll()
})
afterAll(() => copy.connection.close())

const select = (traffic: string) =>
  copy.query.select({ from: start, to: start + 8 * day, traffic: traffic as Traffic, clauses: [] })

const countWhere = async (test: string) => {
  const sql = `SELECT count(*)::DOUBLE AS requests, count(DISTINCT visitor)::DOUBLE AS visitors
    FROM hits WHERE is_request AND time < epoch_ms(${start + 8 * day}) AND ${test}`
  return (await copy.ask(sql, true))[0]!
}

/** What each class has, by the test of it. */
const tests: Record<string, string> = {
  people: 'NOT is_bot AND status IS DISTINCT FROM 404',
  bots: 'is_bot',
  suspicious: 'NOT is_bot AND status = 404'
}

test('a third class is one entry of the list: everything that is split or chosen by class has it', async () => {
  expect(traffics).toEqual(['all', 'people', 'bots', 'suspicious'])
  expect(shownClasses('all').map(({ name }) => name)).toEqual(['people', 'bots', 'suspicious'])
  for (const isPlain of [true, false]) {
    await select('all')
    const figures = splits((await copy.ask(figuresOf('chart', null, true), isPlain)) as never[], []).total
    for (const [name, sql] of Object.entries(tests)) {
      const { requests, visitors } = await countWhere(sql)
      expect(figures).toHaveProperty([name, 'requests'], requests)
      await select(name)
      const alone = splits((await copy.ask(figuresOf('chart', null, true), isPlain)) as never[], []).total
      expect(alone).toMatchObject({ [name]: { requests, visitors }, all: { requests, visitors } })
    }
  }
})

test('roll-ups tell the third class as the hits do', async () => {
  const tabs = panels.flatMap(({ tabs }) => tabs).filter(({ aside }) => !aside)
  for (const traffic of traffics) {
    await select(traffic)
    for (const tab of tabs) {
      const question = breakdownOf(tab, 'now')
      expect(await copy.ask(question, false), `${traffic} ${tab.name}`).toEqual(
        await copy.ask(question, true)
      )
    }
  }
})
