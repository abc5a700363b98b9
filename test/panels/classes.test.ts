import { afterAll, beforeAll, expect, test } from 'vitest'
import { traffics, type Traffic } from '../../src/lib/filter/filter.ts'
import { breakdownOf } from '../../src/lib/panels/breakdowns.ts'
import { figuresOf, shownClasses, splits } from '../../src/lib/panels/figures.ts'
import { panels } from '../../src/lib/panels/ledger.ts'
import { classes, placeOf } from '../../src/lib/verdict/classes.ts'
import { openNative } from '../engine/native.ts'
import { Copy, day, start } from './rolled-copy.ts'

const copy = new Copy(await openNative())
beforeAll(async () => {
  await copy.store.open('test')
  await copy.openRolls()
  for (let i = 0; i < 9; i++) await copy.load(start + i * day, 40)
  await copy.load(start, 5, { kind: 'request', path: '/.env', status: 404, visitor: 7, is_bot: false })
  await copy.roll()
})
afterAll(() => copy.connection.close())

const select = (traffic: Traffic) =>
  copy.query.select({ from: start, to: start + 8 * day, traffic, clauses: [] })

const countOf = async (place: number) => {
  const sql = `SELECT count(*)::DOUBLE AS requests, count(DISTINCT visitor)::DOUBLE AS visitors
    FROM hits
    JOIN verdicts USING (visitor)
    WHERE is_request AND time < epoch_ms(${start + 8 * day}) AND verdicts.class = ${place}`
  return (await copy.ask(sql, true))[0]!
}

test('figures are split and chosen by the class of the verdict', async () => {
  expect(traffics).toEqual(['all', 'people', 'bots', 'suspicious'])
  expect(shownClasses('all').map(({ name }) => name)).toEqual(['people', 'bots', 'suspicious'])
  for (const isPlain of [true, false]) {
    await select('all')
    const figures = splits((await copy.ask(figuresOf('chart', null, true), isPlain)) as never[], []).total
    for (const { name } of classes) {
      const { requests, visitors } = await countOf(placeOf(name))
      expect(requests).toBeGreaterThan(0)
      expect(figures).toHaveProperty([name, 'requests'], requests)
      await select(name)
      const alone = splits((await copy.ask(figuresOf('chart', null, true), isPlain)) as never[], []).total
      expect(alone).toMatchObject({ [name]: { requests, visitors }, all: { requests, visitors } })
    }
  }
})

test('roll-ups tell each class as the hits do', async () => {
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
