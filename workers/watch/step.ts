import { isOneOf, Monitor, type KeptMonitor } from '#lib/alert/monitor.ts'
import { notifiedAt, type Wall } from '#lib/alert/mute.ts'
import type { Spell } from '#lib/alert/spell.ts'
import type { AlertRule } from '#lib/schema/alerts.ts'
import type { Counts } from '../store/tally.ts'

/** Seconds in which late rows change what was seen, as in a page. */
const lateness = 3_600
/** A mute is looked at again after so long, and quiet times come once a week. */
const longestMute = 691_200

/** What is remembered of a rule. */
export interface KeptRule {
  /** What the monitor depends on: with another one it begins anew. */
  readonly basis: string
  readonly monitor: KeptMonitor
  /** Alerts that fire, and whether a notice was sent. */
  readonly open: readonly OpenAlert[]
}

interface OpenAlert {
  readonly spell: Spell
  readonly isNotified: boolean
}

/** A change of an alert that a notice is sent of. */
export interface AlertChange {
  readonly is: 'fired' | 'recovered'
  readonly spell: Spell
}

/** A rule after it was evaluated; `next` is the second at which it may change by time alone, null if it may not. */
interface Step {
  readonly kept: KeptRule
  readonly changes: readonly AlertChange[]
  readonly next: number | null
}

const basisOf = ({ metric, where, field, comparator, threshold, window, for: hold, recovery }: AlertRule) => {
  const basis = [metric, where, comparator, threshold, window, hold, recovery]
  return JSON.stringify(field === null ? basis : [...basis, field])
}

/**
 * Evaluates a rule up to the second `to` with what came since all rules were evaluated up to `from`. Pure; `before` is what
 * was kept of it, null for a rule that begins.
 */
export function step(
  rule: AlertRule,
  before: KeptRule | null,
  counts: readonly Counts[],
  { from, to }: { from: number; to: number },
  wall: Wall
): Step {
  const basis = basisOf(rule)
  const known = before?.basis === basis ? before : null
  const monitor = known
    ? Monitor.resume(rule, known.monitor, from, lateness)
    : new Monitor(rule, to, lateness)
  for (const { second, hits, base, key } of counts)
    for (const [i, at] of second.entries()) monitor.add(at, hits[i]!, base[i]!, key?.[i] ?? 0)
  const changes: AlertChange[] = []
  let open: readonly OpenAlert[] = known?.open ?? []
  for (const { is, spell } of monitor.reach(to)) {
    if (is === 'fired') open = [...open, { spell, isNotified: false }]
    else {
      const over = open.find((one) => isOneOf(one.spell, spell))
      open = open.filter((one) => one !== over)
      // One that fired and recovered at once is sent too, unless it was muted all the time.
      const isNotified = over?.isNotified || notifies(spell)
      if (isNotified && !over?.isNotified) changes.push({ is: 'fired', spell })
      if (isNotified) changes.push({ is: 'recovered', spell })
    }
  }
  open = open.map((one) => {
    if (one.isNotified || !notifies(one.spell)) return one
    changes.push({ is: 'fired', spell: one.spell })
    return { ...one, isNotified: true }
  })
  const times = [monitor.changesAfter(to), ...open.map(muteEnd)].filter((time) => time !== null)
  return {
    kept: { basis, monitor: monitor.keep(), open },
    changes,
    next: times.length ? Math.min(...times) : null
  }

  function notifies(spell: Spell): boolean {
    return notifiedAt(rule, spell, to, wall) !== null
  }

  function muteEnd({ isNotified, spell }: OpenAlert): number | null {
    if (isNotified) return null
    const end = to + longestMute
    return notifiedAt(rule, { ...spell, fired: to, until: null }, end, wall) ?? end
  }
}
