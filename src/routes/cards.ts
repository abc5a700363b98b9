import { time } from '#lib/format/time.ts'
import type { LocalSite } from '#lib/local/local.ts'
import { dayOf } from '#lib/schema/day.ts'
import { midnight } from '#lib/time/range.ts'
import type { Count } from '#lib/state/counts.svelte.ts'
import type { Glance } from '#lib/state/glances.svelte.ts'
import type { Site } from '#lib/state/session.svelte.ts'

/** What the card of a site shows; null is what isn't known. */
export interface Card extends Pick<Site, 'site' | 'rows' | 'bytes' | 'last_time'> {
  name: string
  isLocal: boolean
  /** Whether hits have come that cannot be looked at yet. */
  hasUnflushed: boolean
  visitors: number | null
  before: number | null
  errors: number | null
  /** Which day the visitors are of, and what `before` is. */
  today: string
  compared: string
  /** By day, without the one that is not over; null for days that aren't known. */
  spark: (number | null)[]
  sparkTitle: string
}

type Figures = Pick<Card, 'visitors' | 'before' | 'errors' | 'today' | 'compared' | 'spark' | 'sparkTitle'>

const unknown: Figures = {
  visitors: null,
  before: null,
  errors: null,
  today: 'today',
  compared: '',
  spark: [],
  sparkTitle: ''
}

/** By name, so that a card is where it was; files at the end, newest first. */
export function cardsOf(
  sites: readonly Site[],
  files: readonly LocalSite[],
  countOf: (site: string) => Count | null,
  glanceOf: (site: string) => Glance | null,
  now: number
): Card[] {
  const cards = sites.map(({ unflushed_rows, ...site }) => ({
    ...site,
    name: site.site,
    isLocal: false,
    hasUnflushed: unflushed_rows > 0,
    ...figuresOf(countOf(site.site), now)
  }))
  const opened = files.map((file) => ({
    ...file,
    isLocal: true,
    hasUnflushed: false,
    ...lastDayOf(glanceOf(file.site))
  }))
  return [...cards.sort((a, b) => a.name.localeCompare(b.name)), ...opened]
}

/** What the server counted today; of another day only the line is shown. */
function figuresOf(count: Count | null, now: number): Figures {
  if (!count) return unknown
  const line = { spark: daily(count, now), sparkTitle: 'Requests per UTC day, last 30 days' }
  if (count.midnight !== midnight(now)) return { ...unknown, ...line }
  return {
    ...line,
    visitors: count.today?.visitors ?? null,
    before: count.before,
    errors: count.today?.errors ?? null,
    today: 'today',
    compared: `yesterday by ${time(count.at)}`
  }
}

/** Days that are over, from the first with hits on. */
function daily({ days }: Count, now: number): number[] {
  const hits = new Map(days.map(({ day, hits }) => [day, hits]))
  const past = Array.from({ length: 30 }, (_, i) => hits.get(dayOf(now - (30 - i) * 86_400_000)) ?? 0)
  const first = past.findIndex((count) => count > 0)
  return first < 0 ? [] : past.slice(Math.max(0, Math.min(first, past.length - 7)))
}

/** What a file that was looked at on this device has on its last day. */
function lastDayOf(glance: Glance | null): Figures {
  const [before, last] = glance?.days.slice(-2) ?? []
  return {
    visitors: last?.people ?? null,
    before: before?.people ?? null,
    errors: last?.errors ?? null,
    today: 'on its last day',
    compared: 'the day before',
    spark: glance?.days.map((day) => day?.people ?? null) ?? [],
    sparkTitle: 'Visitors per day'
  }
}
