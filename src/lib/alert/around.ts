import type { Period } from '#lib/time/period.ts'

/** ms before an alert and after it, at least. */
const least = 900_000

/** The time around an alert in which one sees how it came about, and what followed, in ms. Times of it are in seconds. */
export function around(
  { fired, until }: { readonly fired: number; readonly until: number | null },
  window: number
): Period {
  const [from, to] = [fired * 1_000, (until ?? fired) * 1_000]
  const side = Math.max(least, window * 1_000, (to - from) / 2)
  return { from: from - side, to: to + side }
}
