import type { Period } from '#lib/data/filter.ts'
import pageView from '#lib/data/page-view.sql?raw'
import type { RollUps } from '#lib/data/rolled.ts'
import { countedSql } from '../breakdowns.ts'
import { fill } from '../fill.ts'
import { rolledTabs, type Tab } from '../ledger.ts'
import days from './days.sql?raw'
import tables from './tables.sql?raw'
import times from './times.sql?raw'
import valuesTable from './values-table.sql?raw'
import values from './values.sql?raw'
import visitors from './visitors.sql?raw'

const quarterOfDay = 'epoch_ms(epoch_ms(time) // 21_600_000 * 21_600_000) AS time'

const hitsOf = ({ from, to }: Period) =>
  `hits WHERE kind = 'request' AND time >= epoch_ms(${from}) AND time < epoch_ms(${to})`

// Visits are those of people, or those of bots.
const rollTab = (tab: Tab, hits: string) =>
  tab.source === 'visits'
    ? [false, true].map((isBot) => rollCounted(tab, hits, isBot ? 'is_bot' : 'NOT is_bot', String(isBot)))
    : [rollCounted(tab, hits, 'true', 'is_bot')]

const rollCounted = (tab: Tab, hits: string, audience: string, isBot: string) =>
  fill(values, {
    tab: tab.name,
    counted: countedSql(tab, `${quarterOfDay}, ${isBot} AS is_bot`, hits, audience)
  })

const statements = (period: Period) => {
  const hits = hitsOf(period)
  return [
    pageView,
    ...[times, visitors, days].map((template) => fill(template, { hits })),
    ...rolledTabs.flatMap((tab) => rollTab(tab, hits))
  ]
}

const script = [tables, ...rolledTabs.map(({ name }) => fill(valuesTable, { tab: name }))].join('\n')

/** What is kept of days that are over, so that the overview need not count it again. */
export const rollUps: RollUps = {
  name: nameOf([script, ...statements({ from: 0, to: 0 })].join()),
  tables: script,
  statements
}

/** FNV-1a, 32 bits. */
function nameOf(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16)
}
