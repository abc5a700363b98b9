import { isSubject } from '#lib/filter/dimension.ts'
import { clauseMarks, operators, readClause, traffics } from '#lib/filter/filter.ts'
import { metrics } from '#lib/panels/metrics.ts'
import type { Change } from '#lib/state/address.ts'
import { isZone } from '#lib/time/clock.ts'
import { comparisons } from '#lib/time/comparison.ts'
import { widths } from '#lib/time/interval.ts'
import type { Period } from '#lib/time/period.ts'
import { isMoment, isPreset, readRange } from '#lib/time/range.ts'

/** A part of an address that the page can't use, why, and the change that removes it. */
export interface Unread {
  text: string
  reason: string
  change: Change
}

interface Shown {
  zone: string
  range: Period
}

interface Part {
  name: string
  /** Why a value can't be used; null if it can. */
  problem: (value: string, shown: Shown) => string | null
  change: Change
}

const oneOf = (names: readonly string[], what: string) => (value: string) =>
  names.includes(value) ? null : `no ${what} “${value}”`

function problemOfRange(value: string, zone: string): string | null {
  if (readRange(value, zone)) return null
  const moments = value.split(',')
  if (moments.some((moment) => /^\d{4}-/.test(moment) && !/^(19|20|21)/.test(moment)))
    return 'years go from 1900 to 2199'
  const isReversed = moments.length === 2 && moments.every((moment) => isMoment(moment, zone))
  return isReversed ? 'the end is not after the start' : `no period “${value}”`
}

function problemOfStretch(value: string, { zone, range }: Shown): string | null {
  const stretch = readRange(value, zone)
  if (!stretch) return problemOfRange(value, zone)
  return stretch.from < range.to && stretch.to > range.from ? null : 'outside the period'
}

/** Parameters of the address that have one value. An empty one means its default. */
const parts: readonly Part[] = [
  {
    name: 'p',
    problem: (value, { zone }) => (isPreset(value) ? null : problemOfRange(value, zone)),
    change: { period: '' }
  },
  { name: 's', problem: problemOfStretch, change: { stretch: '' } },
  {
    name: 'cmp',
    problem: (value, { zone }) =>
      value === 'off' || comparisons.some(({ name }) => name === value) ? null : problemOfRange(value, zone),
    change: { comparison: '' }
  },
  {
    name: 'i',
    problem: oneOf(
      widths.map(({ name }) => name),
      'interval'
    ),
    change: { interval: '' }
  },
  {
    name: 'tz',
    problem: (value) => (isZone(value) ? null : `no time zone “${value}”`),
    change: { zone: '' }
  },
  { name: 't', problem: oneOf(traffics, 'traffic'), change: { traffic: 'all' } },
  {
    name: 'm',
    problem: oneOf(
      metrics.map(({ name }) => name),
      'metric'
    ),
    change: { metric: '' }
  }
]

/** Lists what an address says that nobody can read: another version's, or mistyped. */
export function unreadParts(params: URLSearchParams, shown: Shown): Unread[] {
  const flat = parts.flatMap(({ name, problem, change }) => {
    const value = params.get(name)
    const reason = value ? problem(value, shown) : null
    return reason ? [{ text: `${name}=${value}`, reason, change }] : []
  })
  const clauses = params.getAll('f').filter((text) => readClause(text) === null)
  return [
    ...flat,
    ...clauses.map((text) => ({ text: `f=${text}`, reason: problemOfClause(text), change: {} }))
  ]
}

function problemOfClause(text: string): string {
  const [operator = '', field] = text.replace(clauseMarks, '').split(',')
  if (!Object.hasOwn(operators, operator)) return `no operator “${operator}”`
  if (!field) return 'no field'
  if (!isSubject(field)) return `no field “${field}”`
  return 'no value that it takes'
}
