import type { AlertRule } from '#lib/schema/alerts.ts'
import { counterOf, type Counter } from './counter.ts'
import type { Wall } from './mute.ts'

/** Rules of a site that the server watches; each costs some rows of its storage a minute. */
export const mostAway = 20
/** Seconds that a rule looks back at most: the server keeps a count of each. */
const longestWindow = 21_600

const metrics: readonly AlertRule['metric'][] = ['rate', 'count', 'share', 'silence']

/** Why the server can't watch a rule while no page is open; null if it can. */
export function awayProblem(rule: AlertRule): string | null {
  if (!metrics.includes(rule.metric))
    return `the server counts requests by second, and ${rule.metric} needs more than that`
  if (rule.window > longestWindow && rule.metric !== 'silence')
    return `the server looks back ${longestWindow / 3_600} hours at most, and its window is longer`
  if (rule.for > longestWindow) return `the server waits ${longestWindow / 3_600} hours at most`
  try {
    awayCounter(rule, (instant) => instant)
    return null
  } catch (error) {
    return (error as Error).message
  }
}

/** Counts hits for a rule as the site stores them. Throws an error that says why it can't. */
export const awayCounter = (rule: AlertRule, wall: Wall): Counter =>
  counterOf(rule, { wall, isStored: true }, 0)
