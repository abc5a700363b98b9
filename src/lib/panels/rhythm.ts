import { isOn, type Clause } from '#lib/filter/filter.ts'
import type { Period } from '#lib/time/period.ts'
import { findOffsets } from '#lib/time/buckets.ts'
import { overlaps } from '#lib/time/ranges.ts'
import { weekdays } from '#lib/filter/labels.ts'

export interface RhythmRow {
  weekday: number
  hour: number
  requests: number
}

export interface Cell {
  /** 0 is Monday. */
  weekday: number
  hour: number
  /** Requests an hour, on average of the times it came; null when it did not come or nothing of it is known. */
  pace: number | null
  /** Whether it is now, and so not over. */
  isRunning: boolean
}

const hourMs = 3_600_000
const minute = 60_000

/** The 168 hours of a week, Monday first; those to come do not count, nor those whose hits are missing. */
export function week(
  rows: readonly RhythmRow[],
  range: Period,
  zone: string,
  now: number,
  absent: readonly Period[] = []
): Cell[] {
  const times = timesOf(range, zone, now, absent)
  const running =
    now >= range.from && now < range.to ? timesOf({ from: now, to: now + 1 }, zone, now + 1) : []
  const requests = new Map(rows.map((row) => [place(row.weekday - 1, row.hour), row.requests]))
  return times.map((count, at) => ({
    weekday: Math.floor(at / 24),
    hour: at % 24,
    pace: count || requests.has(at) ? (requests.get(at) ?? 0) / Math.max(count, 1) : null,
    isRunning: running[at] === 1
  }))
}

const place = (weekday: number, hour: number) => weekday * 24 + hour

/** How often each hour of the week begins in a range. */
function timesOf({ from, to }: Period, zone: string, now: number, absent: readonly Period[] = []): number[] {
  const times = new Array<number>(168).fill(0)
  const end = Math.min(to, now)
  if (from >= end) return times
  const offsets = findOffsets(zone, { from, to: end })
  for (let at = from; at < end; at += hourMs) {
    if (overlaps(absent, { from: at, to: at + 1 })) continue
    const ahead = offsets.findLast((offset) => at >= offset.at)?.minutes ?? 0
    const wall = new Date(at + ahead * minute)
    times[place((wall.getUTCDay() + 6) % 7, wall.getUTCHours())]!++
  }
  return times
}

type Hour = Pick<Cell, 'weekday' | 'hour'>

/** An hour of the week as the filter writes it: weekdays from 1. */
export const readingsOf = ({ weekday, hour }: Hour) => ({
  weekday: String(weekday + 1),
  hour: String(hour),
  weekday_hour: String(100 * (weekday + 1) + hour)
})

const two = (n: number) => String(n).padStart(2, '0')

export const titleOf = ({ weekday, hour }: Hour) => `${weekdays[weekday]?.slice(0, 3)} ${two(hour)}:00`

/** What can be chosen in the drawing of a week, as the filter writes it. */
export interface Place {
  field: 'weekday' | 'hour' | 'weekday_hour'
  value: string
  title: string
  /** What is written there. */
  short: string
}

/** Hours under their weekdays in seven rows, and below them those of every day; each row begins with its name. */
export function placeOf(row: number, column: number): Place | null {
  const at = { weekday: row, hour: column - 1 }
  const { weekday, hour, weekday_hour } = readingsOf(at)
  if (row < 7 && column) return { field: 'weekday_hour', value: weekday_hour, title: titleOf(at), short: '' }
  if (column) {
    const short = two(at.hour)
    return { field: 'hour', value: hour, title: `${short}:00 of every day`, short }
  }
  const name = weekdays[row]
  return name ? { field: 'weekday', value: weekday, title: `${name}s`, short: name.slice(0, 3) } : null
}

/** Whether the filter leaves an hour of the week, as far as it lists such. */
export const isKept = (clauses: readonly Clause[], at: Hour): boolean =>
  Object.entries(readingsOf(at)).every(([name, value]) =>
    clauses
      .filter((clause) => clause.field === name && isList(clause.operator) && isOn(clause))
      .every(({ operator, values }) => values.includes(value) === (operator === 'is'))
  )

const isList = (operator: Clause['operator']) => operator === 'is' || operator === 'not'
