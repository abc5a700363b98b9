import { metrics } from '#lib/alert/metrics.ts'
import { operatorNames } from '#lib/filter/fields.ts'
import { readClause } from '#lib/filter/filter.ts'
import { labelOf, missingOf, nameOf } from '#lib/filter/labels.ts'
import { duration, exact, text } from '#lib/format/number.ts'
import { lasting } from '#lib/format/lasting.ts'
import { visible } from '#lib/format/visible.ts'
import type { AlertRule } from '#lib/schema/alerts.ts'

/** Hours of the mutes that one can choose. */
export const muteHours = [1, 8, 24] as const

type Valued = Pick<AlertRule, 'metric'>

/** A value of a rule's metric with its unit. One below 1,000 has so many digits; none but 0 is shown as 0. */
export function valueText({ metric }: Valued, value: number | null, most = 3): string {
  if (value === null || Number.isNaN(value)) return '–'
  if (metric === 'latency' && !isBetween(value, 0.05)) return text(duration(value))
  if (metric === 'silence' && !isBetween(value, 0.5)) return lasting(value)
  const figure = Number(value.toPrecision(value < 1_000 ? most : 12))
  const digits = figure < 1_000 ? String(figure) : exact(figure)
  const { unit } = metrics[metric]
  return `${digits}\u00a0${digits === '1' ? unit.replace(/(?<=\w{4})s$/, '') : unit}`
}

const isBetween = (value: number, end: number) => value > 0 && value < end

/** The threshold of a rule, with all its digits. */
export const thresholdText = (rule: Valued & Pick<AlertRule, 'threshold'>) =>
  valueText(rule, rule.threshold, 12)

/** What a rule waits for, in a line. */
export function phraseOf(rule: AlertRule): string {
  const limit = `${rule.comparator === 'above' ? 'At least' : 'Below'} ${thresholdText(rule)}`
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
