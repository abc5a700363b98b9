import type { Period } from '#lib/time/period.ts'
import { statementsOf } from '#lib/engine/connection.ts'
import latency from '#lib/ask/latency.sql?raw'
import type { RollUps } from '#lib/ask/rolled.ts'
import address from '#lib/ask/address.sql?raw'
import { countedSql } from '../breakdowns.ts'
import { fill } from '#lib/engine/fill.ts'
import { rolledTabs, textsOf, type Tab } from '../ledger.ts'
import bins from './bins.sql?raw'
import days from './days.sql?raw'
import forget from './forget.sql?raw'
import offenders from './offenders.sql?raw'
import routes from './routes.sql?raw'
import tables from './tables.sql?raw'
import texts from './texts.sql?raw'
import times from './times.sql?raw'
import valuesTable from './values-table.sql?raw'
import values from './values.sql?raw'
import visitors from './visitors.sql?raw'

const quarterOfDay = 'epoch_ms(epoch_ms(time) // 21_600_000 * 21_600_000) AS time'

const hitsOf = ({ from, to }: Period) =>
  `hits WHERE is_request AND time >= epoch_ms(${from}) AND time < epoch_ms(${to})`

const several = (template: string, gaps: Record<string, string>) => statementsOf(fill(template, gaps))

// Visits are those of people, or those of bots.
const rollTab = (tab: Tab, hits: string) =>
  tab.source === 'visits'
    ? [false, true].flatMap((isBot) => rollCounted(tab, hits, isBot ? 'is_bot' : 'NOT is_bot', String(isBot)))
    : rollCounted(tab, hits, 'true', 'is_bot')

const rollCounted = (tab: Tab, hits: string, audience: string, isBot: string) =>
  several(textsOf(tab) === null ? values : texts, {
    tab: tab.name,
    texts: String(textsOf(tab)),
    counted: countedSql(tab, `${quarterOfDay}, ${isBot} AS is_bot`, hits, audience)
  })

const statements = (period: Period) => {
  const hits = hitsOf(period)
  return [
    ...[latency, address, times, visitors, days, bins, routes, offenders].flatMap((template) =>
      several(template, { hits })
    ),
    ...rolledTabs.flatMap((tab) => rollTab(tab, hits))
  ]
}

const script = [tables, ...rolledTabs.map(({ name }) => fill(valuesTable, { tab: name }))].join('\n')

/** What is kept of days that are over, so that the overview need not count it again. */
export const rollUps: RollUps = {
  name: nameOf([script, ...statements({ from: 0, to: 0 })].join()),
  tables: script,
  statements,
  forget: rolledTabs
    .filter((tab) => textsOf(tab) !== null)
    .map((tab) => fill(forget, { tab: tab.name, texts: String(textsOf(tab)) }))
}

/** FNV-1a, 32 bits. */
function nameOf(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16)
}
