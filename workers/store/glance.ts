import { dayOf } from '#lib/schema/day.ts'
import type { GlanceDays, SiteGlance } from '#lib/schema/glance.ts'
import { liveParts } from './manifest.ts'
import { openRuns } from './part-file.ts'
import { readState } from './state.ts'
import type { Surroundings } from './storage.ts'

/** Reading four columns of so many hits takes about a second. */
const mostHits = 300_000
const daysShown = 30 * 86_400_000

/** Counts visitors and errors of today, and visitors of yesterday, in the few parts that hold these days. */
export async function glance(
  around: Surroundings,
  { yesterday, until, today, tomorrow }: GlanceDays,
  most = mostHits
): Promise<SiteGlance> {
  const { storage } = around
  const first = dayOf(today - daysShown)
  const days = storage.sql<{ day: string; hits: number }>(
    `select day, sum(rows) as hits from part where state = 'live' and day >= ? and day <= ? group by day order by day`,
    first,
    dayOf(tomorrow - 1)
  )
  const version = readState(storage, 'version') ?? 0
  const parts = liveParts(storage).filter((part) => part.max_time >= yesterday && part.min_time < tomorrow)
  if (parts.reduce((sum, { rows }) => sum + rows, 0) > most)
    return { version, today: null, before: null, days }
  const [now, before] = [new Set<unknown>(), new Set<unknown>()]
  let errors = 0
  for (const part of parts) {
    for (const run of await openRuns(around, part)) {
      const times = (await run.values('time')).map(Number)
      if (!times.some((time) => time >= yesterday && time < tomorrow)) continue
      const [visitors, bots] = [await run.values('visitor'), await run.values('is_bot')]
      const statuses = await run.values('status')
      for (const [row, time] of times.entries()) {
        const isToday = time >= today && time < tomorrow
        if (isToday && Number(statuses[row]) >= 500) errors++
        if (bots[row]) continue
        if (isToday) now.add(visitors[row])
        else if (time >= yesterday && time < until) before.add(visitors[row])
      }
    }
    await around.pause()
  }
  return { version, today: { visitors: now.size, errors }, before: before.size, days }
}
