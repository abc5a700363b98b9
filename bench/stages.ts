import { accept } from '#lib/accept/accept.ts'
import { createEnricher } from '#lib/enrich/enrich.ts'
import { readLists } from '#lib/enrich/crawler-lists.ts'
import { openRanges } from '#lib/enrich/geo.ts'
import { openCrawlers } from '#lib/enrich/proof.ts'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../cli/process.ts'
import { surroundings } from '../test/store/memory.ts'
import { flush } from '../workers/store/flush.ts'
import { toColumns } from '../workers/store/hit-columns.ts'
import { hashLines } from '../workers/store/line-hash.ts'
import { append } from '../workers/store/log.ts'
import { fromLogRows, toLogRows, type LogRow } from '../workers/store/log-row.ts'
import { SeenLines } from '../workers/store/seen-lines.ts'
import { batches } from './lines.ts'

const batchSize = 1_000
const slice = 16_000
const warmup = 3

/** CPU milliseconds per 1,000 lines of each step a line goes through, alone and warm, in this process. */
export async function measureStages(json: string): Promise<{ stage: string; ms: number }[]> {
  const bodies: Uint8Array[] = []
  for await (const batch of batches(json, batchSize)) {
    bodies.push(new TextEncoder().encode(batch.join('\n')))
    if (bodies.length === slice / batchSize) break
  }
  const accepting = () =>
    bodies.map((body) => [...accept(body, { received: Date.now(), token: 't' }).hits.values()].flat())
  const hits = accepting()
  const logging = () => hits.flatMap(toLogRows)
  const rows = logging().map((row, position): LogRow & { position: number } => ({ position, ...row }))
  const enrich = createEnricher({
    site: 'bench',
    country: openRanges(readFileSync(join(root, 'build/geo/country.geo'))),
    network: openRanges(readFileSync(join(root, 'build/geo/network.geo'))),
    crawlers: openCrawlers(readLists(readFileSync(join(root, 'build/geo/crawlers.json'), 'utf8'))),
    salt: () => new Uint8Array(32)
  })
  const all = hits.flat()
  const thousands = all.length / 1_000
  const flushing = async () => {
    const { around, storage } = surroundings()
    append(storage, { key: null, received: Date.now(), token: null, rows, refusals: [] })
    await flush(around, async () => enrich)
  }
  const identified = hits.map((batch, i) =>
    batch.map((hit, j) => ({ ...hit, request_id: (i * batchSize + j).toString(16).padStart(32, '0') }))
  )
  const { storage: empty } = surroundings()
  const columns = identified.map(toColumns)
  const knowing = () => {
    const seen = new SeenLines(empty)
    for (const batch of columns) {
      const row = { rows: batchSize, hits: new Uint8Array(), lines: hashLines(batch) }
      seen.find([row])
    }
  }
  return [
    { stage: 'accept', ms: (await cpuOf(accepting)) / thousands },
    { stage: 'making log rows', ms: (await cpuOf(logging)) / thousands },
    { stage: 'knowing lines by their ids', ms: (await cpuOf(knowing)) / thousands },
    { stage: 'flush', ms: (await cpuOf(flushing)) / thousands },
    { stage: 'which reads log rows', ms: (await cpuOf(() => fromLogRows(rows))) / thousands },
    { stage: 'and enriches', ms: (await cpuOf(() => all.map(enrich))) / thousands }
  ]
}

async function cpuOf(work: () => unknown): Promise<number> {
  for (let i = 0; i < warmup; i++) await work()
  const before = process.cpuUsage()
  for (let i = 0; i < warmup; i++) await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000 / warmup
}
