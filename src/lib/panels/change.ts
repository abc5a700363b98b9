import { percent, text } from '#lib/format/number.ts'

/** How a count differs from the one before: `+6.2%`, `−1.1%`, `new`; null says that it cannot be told. */
export function change(now: number, before: number | null): string {
  if (before === null) return '–'
  if (before === 0) return now ? 'new' : ''
  const share = now / before - 1
  if (Math.abs(share) >= 10) return `${share > 0 ? '×' : ''}${Math.round(now / before)}`
  const size = text(percent(Math.abs(share)))
  return Math.abs(share) < 0.00005 ? '0%' : `${share > 0 ? '+' : '−'}${size}`
}
