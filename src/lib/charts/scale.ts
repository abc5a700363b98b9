/** Up to `steps` round values above zero that reach `max`, and the top of the axis. */
export function valueTicks(max: number, steps = 4) {
  if (!(max > 0)) return { top: 1, ticks: [] as number[] }
  const rough = max / steps
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 2.5, 5, 10].find((n) => n * power >= rough) ?? 10) * power
  const ticks = Array.from({ length: Math.ceil(max / step - 1e-9) }, (_, i) => (i + 1) * step)
  return { top: ticks.at(-1) ?? max, ticks }
}

const minute = 60_000
const hour = 60 * minute
const widths = [minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour]

const isMidnight = (ms: number) => new Date(ms).getHours() === 0 && new Date(ms).getMinutes() === 0

const sinceMidnight = (ms: number) => {
  const at = new Date(ms)
  return at.getHours() * hour + at.getMinutes() * minute + at.getSeconds() * 1000
}

/** Times in local clock to label, about `most` of them: hours within days, or midnights. */
export function timeTicks(from: number, to: number, most: number) {
  const rough = (to - from) / most
  const width = widths.find((w) => w >= rough)
  const ticks: number[] = []
  if (width) {
    const first = from - sinceMidnight(from) + Math.ceil(sinceMidnight(from) / width) * width
    for (let at = first; at < to; at += width) ticks.push(at)
    return { ticks, unit: 'time' as const }
  }
  const days = Math.max(1, Math.ceil(rough / (24 * hour)))
  const start = new Date(from)
  if (!isMidnight(from)) start.setHours(24, 0, 0, 0)
  for (let at = start; at.getTime() < to; at.setDate(at.getDate() + days)) ticks.push(at.getTime())
  return { ticks, unit: 'day' as const }
}
