import type { AlertRule } from '#lib/schema/alerts.ts'
import type { AwayEvent } from '#lib/schema/away.ts'

/** An alert on the time axis; seconds since 1970. */
export interface AlertSpan {
  /** The id of its rule. */
  readonly rule: string
  readonly title: string
  readonly fired: number
  /** Null while it fires. */
  readonly until: number | null
}

interface Firing {
  readonly rule: Pick<AlertRule, 'id' | 'title'>
  readonly spell: { readonly fired: number | null; readonly until: number | null }
}

/**
 * Alerts that this device found, and those that only the server saw. Of one that both know the device's times count:
 * it has late lines, too.
 */
export function alertSpans(firings: readonly Firing[], events: readonly AwayEvent[]): AlertSpan[] {
  const own = firings.map(({ rule, spell }) => ({
    rule: rule.id,
    title: rule.title,
    fired: spell.fired!,
    until: spell.until
  }))
  const away = new Map<string, AlertSpan>()
  for (const { is, rule, title, fired, until } of events) {
    const key = `${rule} ${fired}`
    // The newest event comes first: if it recovered, that it fired says nothing more.
    if (is !== 'test' && !away.has(key)) away.set(key, { rule, title, fired, until })
  }
  const isOwn = (one: AlertSpan) =>
    own.some(
      ({ rule, fired, until }) =>
        rule === one.rule && fired <= (one.until ?? Infinity) && one.fired <= (until ?? Infinity)
    )
  return [...own, ...[...away.values()].filter((one) => !isOwn(one))]
}
