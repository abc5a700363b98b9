import { createEnricher } from '#lib/enrich/enrich.ts'
import { openRanges, type RangeIndex } from '#lib/enrich/geo.ts'
import { openCrawlers } from '#lib/enrich/proof.ts'
import { openSigners } from '#lib/enrich/signature.ts'
import { dayOf } from '#lib/schema/day.ts'
import { answered } from './answered.ts'
import { knownCrawlers } from './crawlers.ts'
import type { Enrich, EnrichHit } from './flush.ts'
import { useSalts } from './salts.ts'
import type { Surroundings } from './storage.ts'

/** One copy an isolate: 6.6 MB for countries and networks together. */
const indexes = new Map<string, Promise<RangeIndex | null>>()

/** An operator's own database in the bucket wins over the one that is shipped. */
function index(env: Env, name: string): Promise<RangeIndex | null> {
  const known = indexes.get(name)
  if (known) return known
  const loading = answered(`load ${name}.geo`, load(env, name))
  indexes.set(name, loading)
  // A failed load is tried again at the next flush.
  loading.catch(() => indexes.delete(name))
  return loading
}

async function load(env: Env, name: string): Promise<RangeIndex | null> {
  const own = await env.PARTS.get(`geo/${name}.geo`)
  if (own) return openRanges(new Uint8Array(await own.arrayBuffer()))
  const shipped = await env.ASSETS.fetch(`https://assets/geo/${name}.geo`)
  if (shipped.ok) return openRanges(new Uint8Array(await shipped.arrayBuffer()))
  console.warn(JSON.stringify({ step: 'enrich', error: `no geo index ${name}: places stay unknown` }))
  return null
}

/**
 * The enricher of a site: its own salts, the isolate's indexes. What it remembers of visitors goes with the UTC day,
 * as their salts do.
 */
export function createEnrich(env: Env, around: Surroundings): Enrich {
  const { storage, now } = around
  let madeOn = ''
  let made: EnrichHit
  let salts = new Map<string, Uint8Array>()
  return async (days) => {
    const used = useSalts(storage, days, now(), (bytes) => crypto.getRandomValues(new Uint8Array(bytes)))
    const today = dayOf(now())
    if (today !== madeOn) {
      const [country, network, lists] = await Promise.all([
        index(env, 'country'),
        index(env, 'network'),
        knownCrawlers(env)
      ])
      const fresh = (salts = new Map())
      const sources = { site: around.site, country, network, crawlers: openCrawlers(lists) }
      const enrich = createEnricher({ ...sources, salt: (day) => fresh.get(day)! })
      made = Object.assign(enrich, { signerOf: openSigners(lists) })
      madeOn = today
    }
    for (const [day, salt] of used) salts.set(day, salt)
    return made
  }
}
