export const metricNames = [
  'rate',
  'count',
  'share',
  'latency',
  'distinct',
  'new',
  'change',
  'silence',
  'most',
  'attacks'
] as const
export const severities = ['info', 'warning', 'critical'] as const

/** A time of the week without alerts. */
export interface Quiet {
  /** Days on which it begins: 0 is Sunday. */
  readonly days: readonly number[]
  /** Minutes since midnight, in the site's zone. One that ends before it begins ends on the next day. */
  readonly from: number
  readonly to: number
}

/** Seconds since 1970; `until` is the first after it. */
export interface Mute {
  readonly from: number
  readonly until: number
}

/** A rule of the owner: when an alert fires. */
export interface AlertRule {
  readonly id: string
  readonly title: string
  readonly metric: (typeof metricNames)[number]
  /** Of which hits, as clauses of an address: `is,status,404`. */
  readonly where: readonly string[]
  /** Whose values are counted, for `distinct`, `new`, `most` and, unless null, `silence`; for `attacks` a family, or null. */
  readonly field: string | null
  /** The percentile of `latency`, 0 to 1. */
  readonly quantile: number | null
  readonly comparator: 'above' | 'below'
  readonly threshold: number
  /** Seconds that the metric looks back. */
  readonly window: number
  /** Seconds that it must hold before the alert fires. */
  readonly for: number
  /** Once it fires, it goes on until this is passed as well; null is the threshold. */
  readonly recovery: number | null
  readonly severity: (typeof severities)[number]
  readonly labels: readonly string[]
  readonly isOn: boolean
  /** The time without alerts; null if there is none. */
  readonly muted: Mute | null
  readonly quiet: readonly Quiet[]
  /** The server watches it while no page is open; missing from rules of before, which only pages watch. */
  readonly away?: boolean
}

/** A change of a rule. */
export interface AlertEdit {
  /** Ms since 1970. */
  readonly at: number
  readonly id: string
  /** The name of the rule after the change. */
  readonly title: string
  /** The rule as it was before; null for one that was added. */
  readonly before: AlertRule | null
}

const mostRules = 50
/** A window and a hold of a week. */
const longest = 604_800

/** The rules that a value is, or what is wrong with it. */
export function readAlertRules(value: unknown): readonly AlertRule[] | string {
  if (!Array.isArray(value)) return 'rules are a list'
  if (value.length > mostRules)
    return `there are ${value.length} rules, and a site keeps at most ${mostRules}: delete ${value.length - mostRules} first`
  for (const rule of value) {
    const wrong = wrongOf(rule)
    if (wrong) return `${nameOf(rule)}: ${wrong}`
  }
  const ids = value.map(({ id }: AlertRule) => id)
  const twice = ids.find((id, at) => ids.indexOf(id) < at)
  return twice === undefined ? (value as AlertRule[]) : `two rules have the id ${twice}`
}

type Check = readonly [isRight: (value: unknown) => boolean, wants: string]

const checks: { readonly [N in keyof Required<AlertRule>]: Check } = {
  id: [(value) => isText(value, 40) && /^[\w-]+$/.test(value), 'letters, digits, _ and -, at most 40'],
  title: [(value) => isText(value, 80), 'a text of at most 80 characters'],
  metric: [(value) => isOneOf(metricNames, value), `one of ${metricNames.join(', ')}`],
  where: [(value) => isTexts(value, 20, 2_048), 'a list of at most 20 clauses such as is,status,404'],
  field: [(value) => value === null || isText(value, 40), 'the name of a field, or null'],
  quantile: [(value) => value === null || isWithin(value, 0, 1), 'a number from 0 to 1, or null'],
  comparator: [(value) => isOneOf(['above', 'below'], value), 'above or below'],
  threshold: [(value) => isWithin(value, 0, 1e12), 'a number from 0 to 1,000,000,000,000'],
  window: [(value) => isWhole(value, 1, longest), `whole seconds from 1 to ${longest}`],
  for: [(value) => isWhole(value, 0, longest), `whole seconds from 0 to ${longest}`],
  recovery: [
    (value) => value === null || isWithin(value, 0, 1e12),
    'a number from 0 to 1,000,000,000,000, or null'
  ],
  severity: [(value) => isOneOf(severities, value), `one of ${severities.join(', ')}`],
  labels: [(value) => isTexts(value, 10, 80), 'a list of at most 10 texts'],
  isOn: [(value) => typeof value === 'boolean', 'true or false'],
  muted: [(value) => value === null || isMute(value), 'a time with from and until, or null'],
  quiet: [
    (value) => Array.isArray(value) && value.length <= 20 && value.every(isQuiet),
    'a list of at most 20 times, each with days, from and to'
  ],
  away: [(value) => isOneOf([undefined, true, false], value), 'true or false']
}

function wrongOf(rule: unknown): string | null {
  if (!isRecord(rule)) return 'it is no rule'
  for (const [name, [isRight, wants]] of Object.entries(checks))
    if (!isRight(rule[name])) return `${name} is ${shown(rule[name])}, wanted is ${wants}`
  const other = Object.keys(rule).find((name) => !Object.hasOwn(checks, name))
  if (other !== undefined) return `there is nothing called ${other.slice(0, 40)} in a rule`
  const { metric, field, quantile, comparator, threshold, window, recovery } = rule as unknown as AlertRule
  if (['distinct', 'new', 'most'].includes(metric) && field === null) return `${metric} wants a field`
  if (metric === 'latency' && quantile === null) return 'latency wants a quantile'
  if (metric === 'silence' && comparator === 'below') return 'silence is compared by above only'
  if (metric === 'silence' && threshold >= window)
    return `it waits for ${threshold} s of silence, and looks back ${window} s only: choose a longer window or a lower threshold`
  const isBeyond = recovery !== null && (comparator === 'above' ? recovery > threshold : recovery < threshold)
  if (!isBeyond) return null
  const side = comparator === 'above' ? 'at most' : 'at least'
  return `it would recover at ${recovery}, where it still fires: wanted is ${side} ${threshold}`
}

/** A field of numbers that was emptied holds NaN until somebody enters one. */
const shown = (value: unknown) =>
  Number.isNaN(value) ? 'empty' : (JSON.stringify(value)?.slice(0, 64) ?? 'missing')

const nameOf = (rule: unknown) =>
  isRecord(rule) && isText(rule.title, 80) ? rule.title : 'a rule without a title'

const isMute = (value: unknown) =>
  isRecord(value) && isWhole(value.from, 0, 8.64e12) && isWhole(value.until, 0, 8.64e12)

const isQuiet = (value: unknown) =>
  isRecord(value) &&
  Array.isArray(value.days) &&
  value.days.length <= 7 &&
  value.days.every((day) => isWhole(day, 0, 6)) &&
  isWhole(value.from, 0, 1_439) &&
  isWhole(value.to, 0, 1_440)

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isText = (value: unknown, longest: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= longest

const isTexts = (value: unknown, most: number, longest: number) =>
  Array.isArray(value) && value.length <= most && value.every((text) => isText(text, longest))

const isWithin = (value: unknown, low: number, high: number): value is number =>
  typeof value === 'number' && value >= low && value <= high

const isWhole = (value: unknown, low: number, high: number) =>
  Number.isSafeInteger(value) && isWithin(value, low, high)

const isOneOf = (list: readonly unknown[], value: unknown) => list.includes(value)
