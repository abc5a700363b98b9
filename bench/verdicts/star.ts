import { accept } from '#lib/accept/accept.ts'
import { Store } from '#lib/device/store.ts'
import type { Connection } from '#lib/engine/connection.ts'
import { createEnricher } from '#lib/enrich/enrich.ts'
import { openRanges } from '#lib/enrich/geo.ts'
import { Parts, type Made } from '#lib/local/parts.ts'
import { openPart } from '#lib/parquet/part.ts'
import type { AcceptedHit } from '#lib/schema/hit.ts'
import { mergeGroups } from '#lib/star/merge.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildDefaults } from '../../cli/geoip.ts'
import { root } from '../../cli/process.ts'
import { openNative } from '../../test/engine/native.ts'
import type { Class, Labelled } from './labelled.ts'

const batchLines = 5_900
const received = Date.parse('2026-11-30T00:00:00Z')
const folder = join(root, 'node_modules/.cache/loggia/bench/geo')

/** A set in the star of native DuckDB, and what is known of its visitors in `labelled(hash, label)`. */
export async function fillStar(set: Labelled): Promise<Connection> {
  const connection = await openNative()
  const store = new Store(connection)
  await store.open('verdicts')
  const enrich = createEnricher(sources())
  const labels = new Map<bigint, Class>()
  const parts = new Parts(received)
  const load = async (made: AsyncIterable<Made>) => {
    for await (const one of made) await loadPart(store, one)
  }
  for (const { hits, lines } of readHits(set)) {
    const enriched = hits.map((hit) => ({ seq: 0, ...hit, ...enrich(hit) }))
    for (const [i, hit] of enriched.entries()) {
      const label = set.labelOf(hits[i]!, lines[i]!)
      // Who attacks once is an attacker.
      if (label !== null) labels.set(hit.visitor, Math.max(label, labels.get(hit.visitor) ?? 0) as Class)
    }
    await load(parts.add(enriched))
  }
  await load(parts.finish())
  if (set.expected !== undefined && labels.size !== set.expected)
    throw new Error(`${set.name}: ${labels.size} of ${set.expected} labelled visitors are in the log`)
  await connection.run('CREATE TABLE labelled (hash UBIGINT, label UTINYINT)')
  await connection.insert('labelled', [
    { name: 'hash', type: 'UBIGINT', values: BigUint64Array.from(labels.keys()) },
    { name: 'label', type: 'UTINYINT', values: Uint8Array.from(labels.values()) }
  ])
  return connection
}

/** What becomes a hit, with the number of its line. */
function* readHits({ lines }: Labelled): Generator<{ hits: AcceptedHit[]; lines: number[] }> {
  const text = new TextEncoder()
  for (let from = 0; from < lines.length; from += batchLines) {
    const body = text.encode(lines.slice(from, from + batchLines).join('\n'))
    const { hits, indices } = accept(body, { received, token: 'bench' })
    for (const [site, some] of hits)
      yield { hits: some, lines: indices.get(site)!.map((index) => from + index) }
  }
}

/** Loads a part as the page does. */
export async function loadPart(store: Store, { part, bytes }: Pick<Made, 'part' | 'bytes'>): Promise<void> {
  const { groups, rows, read } = await openPart(bytes, part.sha256)
  const each = Array.from({ length: groups }, (_, group) => ({
    rows: rows(group),
    read: () => read(group)
  }))
  await store.load([part], () => mergeGroups(each))
}

function sources() {
  const [country, network] = buildDefaults(folder).map(({ file }) => openRanges(readFileSync(file)))
  return {
    site: 'example',
    country: country!,
    network: network!,
    salt: (day: string) => new TextEncoder().encode(day.padEnd(32, ' '))
  }
}
