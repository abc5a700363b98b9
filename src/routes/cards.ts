import { time } from '#lib/format/time.ts'
import type { LocalSite } from '#lib/local/local.ts'
import { midnight } from '#lib/time/range.ts'
import type { Glance } from '#lib/state/glances.svelte.ts'
import type { Site } from '#lib/state/session.svelte.ts'

/** What the card of a site shows; null is what no device knows without asking. */
export interface Card extends Pick<Site, 'site' | 'rows' | 'bytes' | 'last_time'> {
  name: string
  isLocal: boolean
  /** Whether hits have come that cannot be looked at yet. */
  hasUnflushed: boolean
  people: number | null
  before: number | null
  errors: number | null
  /** Which day the people are of, and what `before` is. */
  today: string
  compared: string
  /** People by day: of each as much of the day as is over today. */
  spark: (number | null)[]
}

/** Those with the most people today first, then by name; files at the end, newest first. */
export function cardsOf(
  sites: readonly Site[],
  files: readonly LocalSite[],
  glanceOf: (site: string) => Glance | null,
  now: number
): Card[] {
  const ranked = sites
    .map((site) => cardOf(site, site.site, false, glanceOf(site.site), now))
    .sort((a, b) => (b.people ?? -1) - (a.people ?? -1) || a.name.localeCompare(b.name))
  return [...ranked, ...files.map((file) => cardOf(file, file.name, true, glanceOf(file.site), now))]
}

function cardOf(
  { site, rows, bytes, last_time, ...more }: Site | LocalSite,
  name: string,
  isLocal: boolean,
  glance: Glance | null,
  now: number
): Card {
  const isToday = glance?.last === midnight(now)
  const [yesterday, today] = isToday || isLocal ? (glance?.days.slice(-2) ?? []) : []
  return {
    site,
    name,
    rows,
    bytes,
    last_time,
    isLocal,
    hasUnflushed: 'unflushed_rows' in more && more.unflushed_rows > 0,
    people: today?.people ?? null,
    before: (isToday ? yesterday?.people_by_now : yesterday?.people) ?? null,
    errors: today?.errors ?? null,
    today: isToday ? 'today' : 'on its last day',
    compared: isToday ? `yesterday until ${time(glance.at)}` : 'the day before',
    spark: glance?.days.map((day) => (isToday ? day?.people_by_now : day?.people) ?? null) ?? []
  }
}
