import { codeOf } from '#lib/star/star.ts'
import { quarterOfDay, quarterOfHour, utcDay, type Measure } from '#lib/ask/measure.ts'
import { rollUpsOf } from '#lib/ask/roll.ts'
import { fill } from '#lib/engine/fill.ts'
import { byOf, rolledName, rolledTabs, textsOf, type Tab } from '../ledger.ts'
import addressesSql from './addresses.sql?raw'
import byHit from './by-hit.sql?raw'
import byVisitor from './by-visitor.sql?raw'
import daysSql from './days.sql?raw'
import latencySql from './latency.sql?raw'
import offendersSql from './offenders.sql?raw'
import requestsSql from './requests.sql?raw'
import routesSql from './routes.sql?raw'
import visitPages from './visit-pages.sql?raw'
import visitsSql from './visits.sql?raw'

export const requests: Measure = {
  name: 'requests',
  grain: quarterOfHour,
  columns: {
    requests: 'INTEGER',
    page_views: 'INTEGER',
    bytes: 'BIGINT',
    refused: 'INTEGER',
    errors: 'INTEGER'
  },
  sql: requestsSql
}

export const visits: Measure = {
  name: 'visits',
  grain: quarterOfHour,
  columns: { before: 'TIMESTAMP', visitors: 'INTEGER', visits: 'INTEGER' },
  sql: visitsSql,
  isOfAudience: true
}

export const latency: Measure = {
  name: 'latency',
  grain: quarterOfHour,
  columns: { bin: 'SMALLINT', requests: 'INTEGER' },
  sql: latencySql
}

export const routes: Measure = {
  name: 'routes',
  grain: utcDay,
  columns: { method: 'INTEGER', route: 'INTEGER', bin: 'SMALLINT', requests: 'INTEGER' },
  sql: routesSql
}

export const offenders: Measure = {
  name: 'offenders',
  grain: utcDay,
  columns: { status: 'SMALLINT', address: 'INTEGER', requests: 'INTEGER' },
  sql: offendersSql
}

export const days: Measure = {
  name: 'days',
  grain: utcDay,
  columns: { requests: 'INTEGER', timed: 'INTEGER', duration: 'DOUBLE' },
  sql: daysSql
}

export const addresses: Measure = {
  name: 'addresses',
  grain: utcDay,
  columns: { addresses: 'INTEGER' },
  sql: addressesSql,
  isWhole: true
}

const counts = { value: 'INTEGER', requests: 'INTEGER', counted: 'INTEGER' } as const

/** How many requests each browser made. */
export const browsers: Measure = {
  name: 'browsers',
  grain: utcDay,
  columns: counts,
  sql: fill(byHit, {
    value: codeOf('browser').code,
    requests: 'count(*)',
    counted: 'count(*)',
    source: `{hits} ${codeOf('browser').join}`,
    condition: 'true'
  })
}

/** What a tab counts of each value. */
export function ofTab(tab: Tab): Measure {
  const { source, counted, condition = 'true' } = tab
  const { code, join } = byOf(tab)
  const texts = textsOf(tab)
  const name = rolledName(tab)
  return {
    name: name ?? tab.name,
    grain: name ? quarterOfDay : null,
    columns: counts,
    sql: fill(counted === 'visitors' ? byVisitor : byHit, {
      value: code,
      requests: source ? 'sum(requests)' : 'count(*)',
      counted: `count(*)${counted === 'page_views' ? ' FILTER (is_page_view)' : ''}`,
      source: `${source ? `(${visitPages}) AS hit` : '{hits}'} ${join}`,
      condition
    }),
    ...(source && { isOfAudience: true }),
    ...(texts !== null && { texts })
  }
}

const measures: readonly Measure[] = [
  requests,
  visits,
  latency,
  routes,
  offenders,
  days,
  addresses,
  browsers,
  ...rolledTabs.map(ofTab)
]

/** What is kept of days that are over, so that the overview need not count it again. */
export const rollUps = rollUpsOf(measures)
