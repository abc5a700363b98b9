import { count, duration, text } from './number.ts'
import { ago } from './time.ts'

/** Records a second in the unit in which it is at least one. */
export function rateText(perSecond: number): string {
  if (perSecond === 0) return 'none'
  if (perSecond >= 0.95) return `${text(count(perSecond))} a second`
  if (perSecond * 60 >= 0.95) return `${text(count(perSecond * 60))} a minute`
  return `${text(count(perSecond * 3600))} an hour`
}

/** How late records come; a log that is sent afterwards is days late. */
export const lagText = (ms: number | null): string =>
  ms === null || ms < 60_000 ? text(duration(ms)) : ago(ms)
