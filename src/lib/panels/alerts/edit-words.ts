import { differencesOf } from '#lib/alert/edits.ts'
import { lasting } from '#lib/format/lasting.ts'
import { visible } from '#lib/format/visible.ts'
import type { AlertEdit, AlertRule } from '#lib/schema/alerts.ts'

/** A change of a rule, and what it made of it; null if it removed the rule. */
export interface Change {
  readonly edit: AlertEdit
  readonly after: AlertRule | null
}

/** What happened to a rule, the newest first; `saved` is what it is now. */
export function changesOf(edits: readonly AlertEdit[], id: string, saved: AlertRule | null): Change[] {
  let after = saved
  return edits
    .filter((edit) => edit.id === id)
    .map((edit) => {
      const change = { edit, after }
      after = edit.before
      return change
    })
}

const titles: Readonly<Record<keyof AlertRule, string>> = {
  id: 'id',
  title: 'name',
  metric: 'metric',
  where: 'filter',
  field: 'field',
  quantile: 'percentile',
  comparator: 'comparison',
  threshold: 'threshold',
  window: 'window',
  for: 'wait',
  recovery: 'recovery',
  severity: 'severity',
  labels: 'labels',
  isOn: 'switched on',
  muted: 'mute',
  quiet: 'quiet times',
  away: 'watched on the server'
}
const seconds: readonly (keyof AlertRule)[] = ['window', 'for']

/** A change in a line: `threshold 3 → 5, filter`. */
export function wordsOf({ edit: { before }, after }: Change): string {
  if (!before) return 'Added'
  if (!after) return 'Deleted'
  return differencesOf(before, after)
    .map((name) => {
      const [old, now] = [valueOf(name, before[name]), valueOf(name, after[name])]
      return old === null || now === null ? titles[name] : `${titles[name]} ${old} → ${now}`
    })
    .join(', ')
}

/** A value as a text; null for one that takes too long to say. */
function valueOf(name: keyof AlertRule, value: unknown): string | null {
  if (typeof value === 'boolean' || name === 'away') return value ? 'yes' : 'no'
  if (typeof value === 'number') return seconds.includes(name) ? lasting(value) : String(value)
  if (typeof value === 'string') return visible(value)
  return value === null && name !== 'muted' ? 'none' : null
}
