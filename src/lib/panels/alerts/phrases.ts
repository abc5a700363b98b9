import { metrics } from '#lib/alert/metrics.ts'
import { operatorNames } from '#lib/filter/fields.ts'
import { readClause } from '#lib/filter/filter.ts'
import { labelOf, missingOf, nameOf } from '#lib/filter/labels.ts'
import { duration, exact, text } from '#lib/format/number.ts'
import { lasting } from '#lib/format/lasting.ts'
import { visible } from '#lib/format/visible.ts'
import type { AlertRule } from '#lib/schema/alerts.ts'
import type { Standing } from '#lib/state/alerts.svelte.ts'

/** Hours of the mutes that one can choose. */
export const muteHours = [1, 8, 24] as const

/** How each standing is said. */
export const standings: Readonly<Record<Standing, string>> = {
  firing: 'Firing',
  pending: 'Pending',
  recovered: 'Recovered',
  ok: 'OK',
  muted: 'Muted',
  failed: 'Cannot be checked',
  unknown: 'Not checked yet',
  off: 'Off'
}

/** A value of a rule's metric with its unit. */
export function valueText({ metric }: Pick<AlertRule, 'metric'>, value: number | null): string {
  if (value === null || Number.isNaN(value)) return '–'
  if (metric === 'latency') return text(duration(value))
  if (metric === 'silence') return lasting(value)
  const digits = exact(Number(value.toPrecision(value < 1_000 ? 3 : 12)))
  const { unit } = metrics[metric]
  return `${digits}\u00a0${digits === '1' ? unit.replace(/(?<=\w{4})s$/, '') : unit}`
}

/** What a rule waits for, in a line. */
export function phraseOf(rule: AlertRule): string {
  const limit = `${rule.comparator === 'above' ? 'At least' : 'Below'} ${valueText(rule, rule.threshold)}`
  const filter = rule.where.length ? `, where ${rule.where.map(clauseText).join(' and ')}` : ''
  const hold = rule.for ? `, for ${lasting(rule.for)}` : ''
  const over = rule.metric === 'silence' ? '' : ` over ${lasting(rule.window)}`
  return `${limit}${wholeOf(rule)}${over}${hold}${filter}`
}

/** What the unit of a metric leaves out. */
function wholeOf({ metric, field, quantile }: AlertRule): string {
  if (metric === 'share') return ' of requests'
  if (metric === 'change') return ' of earlier weeks'
  if (metric === 'silence')
    return field === null ? ' without a request' : ` without a request of any ${nameOf(field as never)}`
  if (metric === 'most') return ` of one ${nameOf(field as never)}`
  if (metric === 'attacks') return field === null ? '' : ` of the family ${field}`
  if (metric === 'latency') return ` at p${Math.round((quantile ?? 0.95) * 100)}`
  return field === null ? '' : ` of ${nameOf(field as never)}`
}

/** A clause in words; what is none as it is written. */
export function clauseText(written: string): string {
  const clause = readClause(written)
  if (!clause) return visible(written)
  const values = clause.values.map((value) => {
    if (value === null) return missingOf(clause.field)
    const { lead, text } = labelOf(clause.field, value)
    return visible((clause.field === 'status' ? lead : text) ?? value)
  })
  return `${nameOf(clause.field)} ${operatorNames[clause.operator]} ${values.join(', ')}`.trim()
}
