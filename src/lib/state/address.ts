import type { Traffic } from '#lib/filter/filter.ts'
import { writeClauses, writeQuery, type Clause } from '#lib/filter/filter.ts'
import { defaultComparison } from '#lib/time/comparison.ts'
import { defaultPreset } from '#lib/time/range.ts'

/** What the address says; what is left out stays as it is. */
export interface Change {
  period?: string
  /** A stretch of the range that is looked at alone. */
  stretch?: string
  comparison?: string
  interval?: string
  zone?: string
  traffic?: Traffic
  metric?: string
  clauses?: readonly Clause[]
}

const flat = {
  period: { name: 'p', byDefault: defaultPreset },
  stretch: { name: 's', byDefault: '' },
  comparison: { name: 'cmp', byDefault: defaultComparison },
  interval: { name: 'i', byDefault: '' },
  zone: { name: 'tz', byDefault: '' },
  traffic: { name: 't', byDefault: 'all' },
  metric: { name: 'm', byDefault: 'requests' }
} as const

type Flat = keyof typeof flat
const names = Object.keys(flat) as Flat[]

/** A parameter of the address, or what it is without one. */
export const readFlat = (params: URLSearchParams, what: Flat) =>
  params.get(flat[what].name) || flat[what].byDefault

/** The query after a change: ours in one order, without what goes without saying, then what others have put there. */
export function writeAddress(params: URLSearchParams, change: Change, clauses: readonly Clause[]) {
  const own = new Set<string>(['f', ...names.map((name) => flat[name].name)])
  const leaves = change.period !== undefined || change.zone !== undefined ? { stretch: '' } : {}
  const next = { ...leaves, ...change }
  const ours = names
    .map((what) => ({ ...flat[what], value: next[what] ?? readFlat(params, what) }))
    .filter(({ value, byDefault }) => value && value !== byDefault)
    .map(({ name, value }) => `${name}=${writeQuery(value)}`)
  const others = [...params].filter(([name]) => !own.has(name)).map(([k, v]) => `${k}=${writeQuery(v)}`)
  const filter = writeClauses(clauses)
  return `?${[...ours, ...(filter ? [filter] : []), ...others].join('&')}`
}
