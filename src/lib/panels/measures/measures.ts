import { codeOf } from '#lib/star/star.ts'
import { quarterOfDay, quarterOfHour, utcDay, type Measure } from '#lib/ask/measure.ts'
import { fill } from '#lib/engine/fill.ts'
import { visitsOf } from '#lib/ask/visit-fields.ts'
import { byOf, panels, usersPanel, type Tab } from '../ledger.ts'
import addressesSql from './addresses.sql?raw'
import byVisit from './by-visit.sql?raw'
import byHit from './by-hit.sql?raw'
import byVisitor from './by-visitor.sql?raw'
import latencySql from './latency.sql?raw'
import offendersSql from './offenders.sql?raw'
import requestsSql from './requests.sql?raw'
import routesSql from './routes.sql?raw'
import visitsSql from './visits.sql?raw'

export const requests: Measure = {
  name: 'requests',
  grain: quarterOfHour,
  columns: {
    requests: 'INTEGER',
    page_views: 'INTEGER',
    bytes: 'BIGINT',
    timed: 'INTEGER',
    duration: 'DOUBLE',
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
  isOfOneClass: true
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
    class: 'class, ',
    value: codeOf('browser').code,
    requests: 'count(*)',
    counted: 'count(*)',
    source: `{hits} ${codeOf('browser').join}`,
    condition: 'true'
  })
}

/** Whether a visitor may count with several values, one a visit. */
export const isOfVisits = ({ page, counted }: Tab): boolean => page !== undefined && counted === 'visitors'

/** What a tab counts of each value. `whole` counts a hit once that counts with several values. */
export function ofTab(tab: Tab): Measure {
  const { page, counted, condition = 'true' } = tab
  const { code, join, isText, isFirst } = byOf(tab)
  const name = keptAs(tab)
  return {
    name: name ?? tab.name,
    grain: name ? quarterOfDay : null,
    columns: {
      ...counts,
      ...(isText && { value: 'VARCHAR' as const }),
      ...(isFirst && { whole: 'INTEGER' as const }),
      ...(isOfVisits(tab) && { visitors: 'INTEGER' as const })
    },
    sql: fill(isOfVisits(tab) ? byVisit : counted === 'visitors' ? byVisitor : byHit, {
      value: code,
      class: page ? '' : 'class, ',
      requests: page ? 'sum(requests)' : 'count(*)',
      counted: `${isFirst ? `count(*) FILTER (${isFirst}) AS whole, ` : ''}count(*)${counted === 'page_views' ? ' FILTER (is_page_view)' : ''}`,
      source: `${page ? visitsOf(page, '{hits}') : '{hits}'} ${join}`,
      condition
    }),
    ...(page && { isOfOneClass: true })
  }
}

const isSame = (a: Tab) => (b: Tab) =>
  a.by?.code === b.by?.code &&
  a.by?.join === b.by?.join &&
  a.field === b.field &&
  a.condition === b.condition &&
  a.page?.end === b.page?.end &&
  a.counted === b.counted

/** The tabs of which roll-ups are kept, without those that ask the same as another. What stands aside is read of hits. */
export const keptTabs = [...panels, usersPanel]
  .flatMap(({ tabs }) => tabs)
  .filter((tab, i, tabs) => !tab.aside && tabs.findIndex(isSame(tab)) === i)

const keptAs = (tab: Tab) => (tab.aside ? undefined : keptTabs.find(isSame(tab))?.name)

export const measures: readonly Measure[] = [
  requests,
  visits,
  latency,
  routes,
  offenders,
  addresses,
  browsers,
  ...keptTabs.map(ofTab)
]
