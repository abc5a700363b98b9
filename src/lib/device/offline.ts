import { dayOf } from '#lib/schema/day.ts'
import type { Manifest, Part } from '#lib/schema/manifest.ts'
import { cachedParts, fetchManifest, fetchPart, forgetParts, forgetSite, knownManifest } from './cache.ts'
import { isLocal } from './local-name.ts'
import { removeCopy, sizeOfCopy } from './working-copy.ts'

const day = 86_400_000

/** What of a site is on this device. */
export interface Stored {
  site: string
  parts: number
  /** Of the parts, and of the database that was made of them. */
  bytes: number
  copy: number
  /** UTC days with parts here, first and last; null without any. */
  from: string | null
  to: string | null
}

/** A cached part and the site it is of. */
export interface Cached {
  site: string
  part: Part
}

/** How many days of which sites are to be here. */
type KeepDays = Readonly<Record<string, number>>

/** The first UTC day that is to be here. */
export const firstDay = (days: number, now: number): string => dayOf(now - (days - 1) * day)

/** The parts of the last days that are not here yet, newest first. */
function planFetch(manifest: Manifest, cached: readonly string[], days: number, now: number): Part[] {
  const here = new Set(cached)
  const first = firstDay(days, now)
  return manifest.parts
    .filter((part) => part.day >= first && !here.has(part.id))
    .sort((a, b) => b.day.localeCompare(a.day) || b.max_time - a.max_time)
}

/** What has to go for the rest to fit the budget: the oldest first, and never what is to be kept. */
function planEviction(cached: readonly Cached[], keep: KeepDays, budget: number, now: number): Cached[] {
  let excess = cached.reduce((sum, { part }) => sum + part.bytes, 0) - budget
  const isKept = ({ site, part }: Cached) =>
    isLocal(site) || (keep[site] !== undefined && part.day >= firstDay(keep[site], now))
  return cached
    .filter((one) => !isKept(one))
    .sort((a, b) => a.part.day.localeCompare(b.part.day))
    .filter(({ part }) => {
      if (excess <= 0) return false
      excess -= part.bytes
      return true
    })
}

/** Brings the last days of a site onto this device; `onpart` hears of each part. */
export async function keepSite(
  site: string,
  days: number,
  {
    now,
    signal,
    onpart
  }: { now: number; signal?: AbortSignal; onpart?: (done: number, total: number) => void }
): Promise<void> {
  const { value: manifest, isOffline } = await fetchManifest(site, signal)
  if (isOffline) return
  const parts = planFetch(manifest, await cachedParts(site), days, now)
  for (const [i, part] of parts.entries()) {
    onpart?.(i, parts.length)
    await fetchPart(site, part, signal)
  }
}

/** Takes the oldest parts away until the rest fits. */
export async function evict(sites: readonly string[], keep: KeepDays, budget: number, now: number) {
  const cached = (await Promise.all(sites.map(partsHere))).flat()
  const going = Map.groupBy(planEviction(cached, keep, budget, now), ({ site }) => site)
  for (const [site, parts] of going)
    await forgetParts(
      site,
      parts.map(({ part }) => part.id)
    )
}

async function partsHere(site: string): Promise<Cached[]> {
  const here = new Set(await cachedParts(site))
  const manifest = await knownManifest(site)
  return (manifest?.parts ?? []).filter(({ id }) => here.has(id)).map((part) => ({ site, part }))
}

/** What of a site is on this device. */
export async function measure(site: string): Promise<Stored> {
  const [cached, copy] = await Promise.all([partsHere(site), sizeOfCopy(site)])
  const days = cached.map(({ part }) => part.day).sort()
  return {
    site,
    parts: cached.length,
    bytes: cached.reduce((sum, { part }) => sum + part.bytes, 0),
    copy,
    from: days[0] ?? null,
    to: days.at(-1) ?? null
  }
}

/** Takes all of a site off this device; the server keeps what it has. */
export async function removeSite(site: string): Promise<void> {
  await forgetSite(site)
  await removeCopy(site)
}
