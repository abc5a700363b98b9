import type { Cell } from '#lib/engine/connection.ts'
import type { Dimension } from '#lib/filter/dimension.ts'
import { labelOf } from '#lib/filter/labels.ts'
import { bytes, exact, text } from '#lib/format/number.ts'
import { visible } from '#lib/format/visible.ts'

const durations: ReadonlySet<Dimension> = new Set<Dimension>(['duration', 'upstream_duration'])
const sizes: ReadonlySet<Dimension> = new Set<Dimension>(['bytes', 'request_bytes'])
/** Numbers stand at the right. */
export const isNumber = (field: Dimension): boolean => durations.has(field) || sizes.has(field)
/** Their code says it all. */
const coded: ReadonlySet<Dimension> = new Set<Dimension>(['status', 'country'])

/** What a column is called above the list, where its title is long. */
const short: Partial<Record<Dimension, string>> = {
  country: 'CC',
  user_agent: 'Agent',
  bytes: 'Bytes',
  duration: 'ms'
}
export const headOf = (field: Dimension, title: string): string => short[field] ?? title

/** A value as the list shows it. */
export function cellText(field: Dimension, value: Cell): string {
  if (value === null) return ''
  if (typeof value === 'number' && durations.has(field)) return exact(Math.round(value))
  if (typeof value === 'number' && sizes.has(field)) return text(bytes(value))
  if (coded.has(field)) return visible(plain(value))
  const { lead, text: said } = labelOf(field, plain(value))
  return lead ?? said
}

/** A value as a filter takes it. */
export const plain = (value: Cell): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value)
