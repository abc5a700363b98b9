import type { AlertRule } from '#lib/schema/alerts.ts'
import { metrics } from './metrics.ts'
import type { Spell } from './spell.ts'

/** A time of a log line: ISO 8601 without an offset, as the clock of a zone shows it. `wall` is of `mute.ts`. */
const isoOf = (second: number, wall: (instant: number) => number) =>
  new Date(wall(second * 1_000)).toISOString().slice(0, 19)

/** The lines that HttpLogMonitor writes of an alert: one that it fires, one that it is over. */
export function linesOf(
  rule: Pick<AlertRule, 'title' | 'metric'>,
  { fired, until, value }: Spell,
  wall: (instant: number) => number
): { fires: string; recovers: string | null } {
  const isRate = rule.metric === 'rate'
  const what = isRate
    ? `hits = ${Math.trunc(value)}`
    : `${rule.metric} = ${numberOf(value)} ${metrics[rule.metric].unit}`
  return {
    fires: `${rule.title} generated an alert - ${what}, triggered at ${isoOf(fired!, wall)}`,
    recovers: until === null ? null : `${rule.title} alert recovered at ${isoOf(until, wall)}`
  }
}

/** At most two digits after a point, or the first two that are not 0. */
const numberOf = (value: number) =>
  String(Number(value > 0 && value < 0.1 ? value.toPrecision(2) : value.toFixed(value < 10 ? 2 : 1)))
