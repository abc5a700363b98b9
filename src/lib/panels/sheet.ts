import { change, verdict, type Unit } from '#lib/format/change.ts'
import { count, duration, exact, percent, text, type Quantity } from '#lib/format/number.ts'
import type { Lane } from '#lib/charts/lane.ts'
import type { Traffic } from '#lib/filter/filter.ts'
import { shownClasses, type Latency, type Split } from './figures.ts'
import { metrics, type Metric } from './metrics.ts'

/** A line of the inspector. */
export interface Row {
  name: string
  /** Empty for what is not drawn; `dashed` for what it is compared with. */
  color: string
  value: string
  exact: string
  aside: string
  tone: '' | 'good' | 'bad'
  title: string
}

interface Sheet {
  /** Null where nothing is known. */
  now: readonly (Split | null)[]
  before: readonly Split[] | null
}

const quantiles: readonly { name: keyof Latency; color: string }[] = [
  { name: 'p50', color: 'var(--lat)' },
  { name: 'p95', color: 'color-mix(in oklab, var(--lat) 62%, var(--panel))' },
  { name: 'p99', color: 'color-mix(in oklab, var(--lat) 36%, var(--panel))' }
]

const faults = [
  { name: '4xx', color: 'var(--status-4xx)', of: ({ all }: Split) => all.refused },
  { name: '5xx', color: 'var(--status-5xx)', of: ({ all }: Split) => all.errors }
]

/** What a figure of the chart is made of: a class each where it can be added up, else one. */
function partsOf(metric: Metric, traffic: Traffic) {
  const { part, title, color } = metric
  if (!part) return [{ name: title, color, of: (split: Split) => metric.of(split, traffic) }]
  return shownClasses(traffic).map(({ name, title, color }) => ({
    name: title,
    color,
    of: (split: Split): number | null => part(split[name])
  }))
}

/** The lanes of the chart, on the same times: the chosen figure, errors, and latency where it is logged. */
export function lanesOf(
  sheet: Sheet,
  metric: Metric,
  traffic: Traffic,
  per: string,
  isCompared: boolean
): Lane[] {
  const { now, before } = sheet
  const known = (of: (split: Split) => number | null) => now.map((split) => split && of(split))
  // A class that has nothing is not drawn, but the first, which stands for all where nothing is.
  const series = partsOf(metric, traffic)
    .map(({ name, color, of }) => ({ name, color, values: known(of) }))
    .filter(({ values }, i) => !i || values.some(Boolean))
  const isStack = metric.part !== undefined || metric.unit === 'share'
  const dashed = isCompared && before ? before.map((split) => metric.of(split, traffic)) : undefined
  const lanes: Lane[] = [
    {
      name: `${metric.title} per ${per}`,
      kind: isStack ? 'stack' : 'lines',
      series,
      format: metric.format,
      ...(dashed && { before: dashed })
    },
    {
      name: 'Errors, 4xx and 5xx',
      kind: 'bars',
      series: faults.toReversed().map(({ name, color, of }) => ({ name, color, values: known(of) })),
      format: count
    }
  ]
  const latency = quantiles.map(({ name }) => ({
    name,
    color: 'var(--lat)',
    values: known((split) => split[name])
  }))
  const times = latency.flatMap(({ values }) => values.filter((value) => value !== null))
  if (times.length) {
    const isZero = times.every((ms) => ms === 0)
    const name = isZero ? 'Latency: the log says 0 ms of every request' : 'Latency, p50 to p95 to p99'
    lanes.push({ name, kind: 'ribbon', series: latency, format: duration })
  }
  return lanes
}

interface Compared {
  name: string
  color: string
  value: number | null
  before: number | null
  format: (value: number | null) => Quantity
  unit: Unit
  better?: 'up' | 'down' | undefined
  aside?: string
}

const known = (value: number | null) => (Number.isNaN(value) ? null : value)

function row({ name, color, value, before, format, unit, better, aside }: Compared): Row {
  return {
    name,
    color,
    value: text(format(known(value))),
    exact: exact(known(value)),
    aside: aside ?? change(value, before, unit),
    tone: aside === undefined ? verdict(value, before, better) : '',
    title: before === null ? 'Nothing to compare with' : `before: ${text(format(known(before)))}`
  }
}

/** What the inspector says of a stretch, in groups; `compared` names the range it is drawn beside. */
export function groupsOf(
  split: Split,
  was: Split | null,
  metric: Metric,
  traffic: Traffic,
  compared: string
) {
  const { format, unit, better } = metric
  const parts = partsOf(metric, traffic).map(({ name, color, of }) =>
    row({ name, color, value: of(split), before: was && of(was), format, unit, better })
  )
  const whole = was && metric.of(was, traffic)
  const before = {
    name: compared,
    color: 'dashed',
    value: whole,
    before: whole,
    format,
    unit,
    aside: 'total'
  }
  const share = (n: number) => (split.all.requests ? text(percent(n / split.all.requests)) : '')
  return [
    was && compared ? [...parts, row(before)] : parts,
    faults.map(({ name, color, of }) =>
      row({
        name,
        color,
        value: of(split),
        before: was && of(was),
        format: count,
        unit,
        aside: share(of(split))
      })
    ),
    quantiles
      .filter(({ name }) => split[name] !== null)
      .map(({ name, color }) =>
        row({
          name,
          color,
          value: split[name],
          before: was && was[name],
          format: duration,
          unit: 'ms',
          better: 'down'
        })
      ),
    metrics
      .filter(({ name, unit }) => unit === 'share' && name !== metric.name)
      .map(({ title, of, format, unit, better }) =>
        row({
          name: title,
          color: '',
          value: of(split, traffic),
          before: was && of(was, traffic),
          format,
          unit,
          better
        })
      )
  ].filter((group) => group.length)
}
