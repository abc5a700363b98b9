import { toggle, type Clause, type Click, type Period } from '#lib/data/filter.ts'
import { findOffsets } from '#lib/data/period.ts'

export interface RhythmRow {
  weekday: number
  hour: number
  requests: number
}

export interface Cell {
  /** 0 is Monday. */
  weekday: number
  hour: number
  /** Requests an hour, on average of the times it came; null when it did not come. */
  pace: number | null
}

const hourMs = 3_600_000
const minute = 60_000

/** The 168 hours of a week, Monday first; those to come do not count. */
export function week(rows: readonly RhythmRow[], range: Period, zone: string, now: number): Cell[] {
  const times = timesOf(range, zone, now)
  const requests = new Map(rows.map((row) => [place(row.weekday - 1, row.hour), row.requests]))
  return times.map((count, at) => ({
    weekday: Math.floor(at / 24),
    hour: at % 24,
    pace: count || requests.has(at) ? (requests.get(at) ?? 0) / Math.max(count, 1) : null
  }))
}

const place = (weekday: number, hour: number) => weekday * 24 + hour

/** How often each hour of the week begins in a range. */
function timesOf({ from, to }: Period, zone: string, now: number): number[] {
  const times = new Array<number>(168).fill(0)
  const end = Math.min(to, now)
  if (from >= end) return times
  const offsets = findOffsets(zone, { from, to: end })
  for (let at = from; at < end; at += hourMs) {
    const ahead = offsets.findLast((offset) => at >= offset.at)?.minutes ?? 0
    const wall = new Date(at + ahead * minute)
    times[place((wall.getUTCDay() + 6) % 7, wall.getUTCHours())]!++
  }
  return times
}

const readings = ['weekday', 'hour'] as const
type Hour = Pick<Cell, 'weekday' | 'hour'>

/** As the filter writes it: weekdays from 1. */
const valueOf = ({ weekday, hour }: Hour, name: (typeof readings)[number]) =>
  String(name === 'weekday' ? weekday + 1 : hour)

/** Whether an hour of the week is among those that the filter names; null where it names none. */
export function isNamed(clauses: readonly Clause[], at: Hour): boolean | null {
  const naming = readings.filter((name) => listed(clauses, name).length)
  return naming.length ? naming.every((name) => listed(clauses, name).includes(valueOf(at, name))) : null
}

const listed = (clauses: readonly Clause[], name: string) =>
  clauses
    .filter(({ field, operator, disabled }) => field === name && operator === 'is' && !disabled)
    .flatMap(({ values }) => values)

/** The clauses after a click on an hour of the week: only this, or with the days and the hours that are named. */
export function chooseHour(clauses: readonly Clause[], at: Hour, click: Click): Clause[] {
  const isDone = (name: (typeof readings)[number]) => {
    const values = listed(clauses, name)
    return values.includes(valueOf(at, name)) && (click === 'also' || values.length === 1)
  }
  const open = readings.filter((name) => !isDone(name))
  let chosen = [...clauses]
  for (const name of open.length ? open : readings)
    chosen = toggle(chosen, name, valueOf(at, name), click === 'also' ? 'also' : 'only')
  return chosen
}
