import type { Period } from './period.ts'
import { chooseInterval, intervals, type Interval } from './buckets.ts'

const most = { unasked: 200, asked: 400 }

/** Widths of buckets that may be chosen by hand, by the name they have in the address. */
export const widths = [
  { name: 'minute', title: 'Minute', interval: '1 minute' },
  { name: '5min', title: '5 min', interval: '5 minutes' },
  { name: '15min', title: '15 min', interval: '15 minutes' },
  { name: 'hour', title: 'Hour', interval: '1 hour' },
  { name: '6h', title: '6 hours', interval: '6 hours' },
  { name: 'day', title: 'Day', interval: '1 day' },
  { name: 'week', title: 'Week', interval: '1 week' },
  { name: 'month', title: 'Month', interval: '1 month' }
] as const satisfies { name: string; title: string; interval: Interval }[]

/** Those that give a range more than one bucket, and not more than can be told apart. */
export const widthsFor = ({ from, to }: Period) =>
  widths.filter(({ interval }) => {
    const buckets = (to - from) / intervals[interval]
    return buckets > 1.2 && buckets <= most.asked
  })

/** The interval of an `i` parameter; one that does not suit the range gives way to the range's own. */
export const intervalOf = (period: Period, text: string): Interval =>
  widthsFor(period).find(({ name }) => name === text)?.interval ?? chooseInterval(period, most.unasked)
