import { bytes, count, duration, percent, text, type Quantity } from '#lib/format/number.ts'
import type { Unit } from '#lib/format/change.ts'
import { audienceOf } from '#lib/ask/class-of.ts'
import type { Traffic } from '#lib/filter/filter.ts'
import type { Figures, Split } from './figures.ts'

export interface Metric {
  readonly name: string
  readonly title: string
  readonly color: string
  readonly format: (value: number | null) => Quantity
  readonly of: (split: Split, traffic: Traffic) => number | null
  readonly unit: Unit
  /** Which direction is good, where one is. */
  readonly better?: 'up' | 'down'
  /** What can be added up is drawn as a stack of people and bots. */
  readonly part?: (figures: Figures) => number
  /** What puts the figure into proportion, in a few words. */
  readonly aside: (split: Split, traffic: Traffic, seconds: number) => string
}

const audience = (split: Split, traffic: Traffic) => split[audienceOf(traffic)]
const ratio = (a: number, b: number) => (b ? a / b : null)
const each = (a: number, b: number, what: string) => (b ? `${(a / b).toFixed(1)} ${what}` : '')

function pace(requests: number, seconds: number) {
  const perSecond = requests / seconds
  if (!requests) return ''
  if (perSecond >= 1) return `${perSecond.toFixed(1)} a second`
  if (perSecond * 60 >= 1) return `${(perSecond * 60).toFixed(1)} a minute`
  return `${(perSecond * 3600).toFixed(1)} an hour`
}

export const metrics: readonly Metric[] = [
  {
    name: 'visitors',
    title: 'Visitors',
    color: 'var(--t-human)',
    format: count,
    unit: 'share',
    better: 'up',
    of: (split, traffic) => audience(split, traffic).visitors,
    aside: (split, traffic) => {
      const { visits, visitors } = audience(split, traffic)
      return each(visits, visitors, 'visits each')
    }
  },
  {
    name: 'visits',
    title: 'Visits',
    color: 'var(--t-human)',
    format: count,
    unit: 'share',
    better: 'up',
    of: (split, traffic) => audience(split, traffic).visits,
    aside: (split, traffic) => {
      const { page_views, visits } = audience(split, traffic)
      return each(page_views, visits, 'pages each')
    }
  },
  {
    name: 'page_views',
    title: 'Page views',
    color: 'var(--t-human)',
    format: count,
    unit: 'share',
    better: 'up',
    of: ({ all }) => all.page_views,
    part: ({ page_views }) => page_views,
    aside: ({ all, people }) =>
      all.page_views ? `${text(percent(people.page_views / all.page_views))} people` : ''
  },
  {
    name: 'requests',
    title: 'Requests',
    color: 'var(--t-human)',
    format: count,
    unit: 'share',
    of: ({ all }) => all.requests,
    part: ({ requests }) => requests,
    aside: ({ all }, _, seconds) => pace(all.requests, seconds)
  },
  {
    name: 'bandwidth',
    title: 'Bandwidth',
    color: 'var(--c-plum)',
    format: bytes,
    unit: 'share',
    of: ({ all }) => all.bytes,
    part: (figures) => figures.bytes,
    aside: ({ all }) => (all.requests ? `${text(bytes(all.bytes / all.requests))} each` : '')
  },
  {
    name: 'p95',
    title: 'Latency p95',
    color: 'var(--lat)',
    format: duration,
    unit: 'ms',
    better: 'down',
    of: ({ p95 }) => p95,
    aside: ({ p50 }) => (p50 === null ? 'not logged' : `median ${text(duration(p50))}`)
  },
  {
    name: 'errors',
    title: 'Server errors',
    color: 'var(--status-5xx)',
    format: percent,
    unit: 'points',
    better: 'down',
    of: ({ all }) => ratio(all.errors, all.requests),
    aside: ({ all }) => (all.requests ? `${text(count(all.errors))} with 5xx` : '')
  },
  {
    name: 'bots',
    title: 'Bot share',
    color: 'var(--t-bot)',
    format: percent,
    unit: 'points',
    of: ({ all, bots }) => ratio(bots.requests, all.requests),
    aside: ({ all, bots }) => (all.requests ? `${text(count(bots.requests))} requests` : '')
  }
]
