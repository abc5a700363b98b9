import { dayOf } from '#lib/schema/day.ts'
import type { ManifestChange, Part } from '#lib/schema/manifest.ts'
import { addToCounter } from './counters.ts'
import { liveParts, swap } from './manifest.ts'
import { readState } from './state.ts'
import type { Storage, Surroundings } from './storage.ts'

const day = 86_400_000

/** The first UTC day that is kept; null keeps all. */
export function firstKeptDay(days: number | null, now: number): string | null {
  return days === null ? null : dayOf(now - days * day)
}

/** Parts all of whose hits are too old. */
export function planExpiry<P extends Pick<Part, 'day'>>(parts: P[], days: number | null, now: number): P[] {
  const first = firstKeptDay(days, now)
  return first === null ? [] : parts.filter((part) => part.day < first)
}

/** When the oldest day goes; null when nothing ever does. */
export function nextExpiry(storage: Storage): number | null {
  const days = readRetention(storage)
  const [row] = storage.sql<{ oldest: string | null }>(
    `select min(day) as oldest from part where state = 'live'`
  )
  return days === null || !row?.oldest ? null : Date.parse(row.oldest) + (days + 1) * day
}

/** For how many days a site keeps its hits; null for ever. */
export const readRetention = (storage: Storage): number | null => readState(storage, 'retention_days')

/** Lets parts go that are past retention. Null when there are none. */
export function expire(around: Surroundings): ManifestChange | null {
  const { storage, now } = around
  const days = readRetention(storage)
  if (days === null) return null
  const parts = planExpiry(liveParts(storage), days, now())
  if (!parts.length) return null
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  const also = () => addToCounter(storage, now(), 'expired', rows)
  return swap(around, { added: [], removed: parts.map(({ id }) => id), also })
}
