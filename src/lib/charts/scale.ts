/** Up to `steps` round values above zero that reach `max`, no closer than `least`, and the top of the axis. */
export function valueTicks(max: number, steps = 4, least = 0) {
  if (!(max > 0)) return { top: 1, ticks: [] as number[] }
  const rough = max / steps
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(least, ([1, 2, 2.5, 5, 10].find((n) => n * power >= rough) ?? 10) * power)
  const ticks = Array.from({ length: Math.ceil(max / step - 1e-9) }, (_, i) => (i + 1) * step)
  return { top: ticks.at(-1) ?? max, ticks }
}

/** A scale of powers of ten from the lowest value to the highest, with the round values between them. */
export function logTicks(values: readonly number[]) {
  const present = values.map((value) => Math.max(value, 0.1))
  if (!present.length) return { ticks: [] as number[], at: () => 0 }
  const [low, high] = [Math.min(...present) / 1.25, Math.max(...present) * 1.25]
  const powers = Array.from({ length: 9 }, (_, i) => 10 ** (i - 1))
  const within = (ticks: number[]) => ticks.filter((value) => value > low && value < high)
  const decades = within(powers)
  const ticks =
    decades.length > 1 ? decades : within(powers.flatMap((power) => [power, 2 * power, 5 * power]))
  const span = Math.log(high / low)
  return {
    ticks: ticks.length > 3 ? ticks.filter((_, i) => i % 2 === 0) : ticks,
    at: (value: number) => Math.log(Math.max(value, low) / low) / span
  }
}

const minute = 60_000
const hour = 60 * minute
const widths = [
  minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour
]
const day = 24 * hour

/** Reads the clock of a zone off an instant, as if that were UTC, and back. */
export interface Clock {
  wallOf: (instant: number) => number
  instantOf: (wall: number) => number
}

/** The first of a month that is counted from the year 0. */
const firstOf = (month: number) => Date.UTC(2000, month - 24_000)

/** Times of a clock to label, about `most` of them: hours within days, midnights, or firsts of months. */
export function timeTicks(from: number, to: number, most: number, { wallOf, instantOf }: Clock) {
  const rough = (to - from) / most
  const width = widths.find((w) => w >= rough) ?? day * Math.ceil(rough / day)
  const first = wallOf(from)
  const end = wallOf(to)
  const walls: number[] = []
  if (width > 20 * day) {
    const months = [1, 2, 3, 6, 12, 24, 60].find((n) => n * 30.5 * day >= rough) ?? 120
    const date = new Date(first - 1)
    const start = Math.ceil((date.getUTCFullYear() * 12 + date.getUTCMonth() + 1) / months) * months
    for (let at = start; firstOf(at) < end; at += months) walls.push(firstOf(at))
    return { ticks: walls.map(instantOf), unit: 'month' as const }
  }
  const round = Math.min(width, day)
  for (let at = Math.ceil(first / round) * round; at < end; at += width) walls.push(at)
  return { ticks: walls.map(instantOf), unit: width < day ? ('time' as const) : ('day' as const) }
}
