import type { Change } from './address.ts'
import { isPreset } from '#lib/time/range.ts'

interface Habits extends Pick<Change, 'period' | 'interval'> {
  /** Charts show neither annotations nor alerts. */
  hidesFlags?: boolean
}

const keyOf = (site: string) => `habits:${site}`

/** How a site was looked at last on this device; whatever its address says goes before. */
export function habitsOf(site: string): Habits {
  try {
    const { period, interval, hidesFlags }: Record<string, unknown> = JSON.parse(
      localStorage.getItem(keyOf(site)) ?? '{}'
    )
    return {
      ...(typeof period === 'string' && isPreset(period) && { period }),
      ...(typeof interval === 'string' && { interval }),
      ...(typeof hidesFlags === 'boolean' && { hidesFlags })
    }
  } catch {
    return {}
  }
}

/** Keeps what was chosen of it: of periods those that move with the time. */
export function keepHabits(site: string, { period, interval, hidesFlags }: Habits) {
  const chosen = {
    ...(period !== undefined && isPreset(period) && { period }),
    ...(interval !== undefined && { interval }),
    ...(hidesFlags !== undefined && { hidesFlags })
  }
  if (Object.keys(chosen).length)
    localStorage.setItem(keyOf(site), JSON.stringify({ ...habitsOf(site), ...chosen }))
}
