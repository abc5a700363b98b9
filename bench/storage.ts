import { accept } from '#lib/accept/accept.ts'
import { createEnricher } from '#lib/enrich/enrich.ts'
import { readLists } from '#lib/enrich/crawler-lists.ts'
import { openRanges } from '#lib/enrich/geo.ts'
import { openCrawlers } from '#lib/enrich/proof.ts'
import { parquetMetadata } from 'hyparquet'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildIfStale } from '../cli/build.ts'
import { root } from '../cli/process.ts'
import { surroundings } from '../test/store/memory.ts'
import { compact } from '../workers/store/compaction.ts'
import { planCompactions } from '../workers/store/compaction-plan.ts'
import { flush, type Enrich } from '../workers/store/flush.ts'
import { partKey } from '../workers/store/keys.ts'
import { append } from '../workers/store/log.ts'
import { toLogRows } from '../workers/store/log-row.ts'
import { candidates, liveParts } from '../workers/store/manifest.ts'
import { unflushed } from '../workers/store/unflushed.ts'
import { batches, makeLines } from './lines.ts'
import { short, type Section } from './report.ts'

const count = Number(process.env.LOGGIA_BENCH_LINES ?? 1_000_000)
const batchSize = 5_900
/** Columns of less than a hundredth of a byte a hit are summed up. */
const least = 0.01

type Surrounded = ReturnType<typeof surroundings>

/** A million lines in parts after their days are merged, against the same lines in gzip. */
export async function measure(): Promise<Section> {
  await buildIfStale()
  const { combined } = await makeLines(count)
  const raw = readFileSync(combined)
  const gzip = gzipSync(raw, { level: 9 }).length
  const store = await keep(combined)
  const parts = liveParts(store.storage)
  const rows = parts.reduce((sum, part) => sum + part.rows, 0)
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
  const hit = (size: number) => `${(size / rows).toFixed(2)} B a hit`
  const columns = [...columnSizes(store)].sort(([, a], [, b]) => b - a)
  const [shown, others] = [columns.filter(isShown(rows)), columns.filter((column) => !isShown(rows)(column))]
  return {
    title: 'Storage',
    how: `${count.toLocaleString('en')} lines in combined format through the store's own steps: accepted, flushed, enriched, merged until no day has anything left to merge; against \`gzip -9\` of the same lines.`,
    columns: ['what', 'figure', 'of all parts'],
    rows: [
      ['**Loggia ÷ gzip -9, bytes a hit**', `**${(bytes / rows / (gzip / count)).toFixed(2)}**`, ''],
      ['Loggia', hit(bytes), `${parts.length} parts, ${rows.toLocaleString('en')} hits`],
      ['gzip -9 of the lines', `${(gzip / count).toFixed(2)} B a line`, ''],
      ['the lines', `${(raw.length / count).toFixed(2)} B a line`, ''],
      ...shown.map(([name, size]) => [`column \`${name}\``, hit(size), share(size, bytes)]),
      [`${others.length} other columns`, hit(sizeOf(others)), share(sizeOf(others), bytes)],
      ['headers and footers', hit(bytes - sizeOf(columns)), share(bytes - sizeOf(columns), bytes)]
    ]
  }
}

const isShown =
  (rows: number) =>
  ([, size]: [string, number]) =>
    size / rows >= least

const sizeOf = (columns: readonly [string, number][]) => columns.reduce((sum, [, size]) => sum + size, 0)
const share = (size: number, all: number) => `${short((size / all) * 100)} %`

/** A file of lines through the store, as a site gets them, with a clock that then lets their days be over. */
async function keep(file: string): Promise<Surrounded> {
  const surrounded = surroundings()
  const { around, storage, clock } = surrounded
  const enrich = await makeEnrich()
  for await (const lines of batches(file, batchSize)) {
    const body = new TextEncoder().encode(lines.join('\n'))
    const { hits, refusals } = accept(body, { received: clock.now, token: 'bench' })
    const rows = [...hits.values()].flatMap(toLogRows)
    append(storage, { key: null, received: clock.now, token: 'bench', rows, refusals })
    while (unflushed(storage).rows >= 16_000) await flush(around, enrich)
  }
  while (unflushed(storage).rows) await flush(around, enrich)
  await mergeAll(surrounded)
  return surrounded
}

async function mergeAll({ around, storage, clock }: Surrounded): Promise<void> {
  for (;;) {
    clock.now += 86_400_000
    const [compaction] = planCompactions(candidates(storage), clock.now)
    if (!compaction) return
    await compact(around, compaction)
  }
}

/** Enrichment as the store has it, with the geo indexes of the build. */
export async function makeEnrich(): Promise<Enrich> {
  const open = (name: string) => openRanges(readFileSync(join(root, `build/geo/${name}.geo`)))
  const enrich = createEnricher({
    site: 'example',
    country: open('country'),
    network: open('network'),
    crawlers: openCrawlers(readLists(readFileSync(join(root, 'build/geo/crawlers.json'), 'utf8'))),
    // As many as there are days, as a site has them.
    salt: (day) => new TextEncoder().encode(day.padEnd(32, ' '))
  })
  return async () => enrich
}

/** Compressed bytes of each column in all live parts. */
function columnSizes({ storage, bucket }: Surrounded): Map<string, number> {
  const sizes = new Map<string, number>()
  for (const part of liveParts(storage)) {
    const { bytes } = bucket.objects.get(partKey('example', part))!
    const { row_groups } = parquetMetadata(bytes.buffer as ArrayBuffer)
    for (const { columns } of row_groups)
      for (const { meta_data } of columns) {
        const name = meta_data!.path_in_schema[0]!
        sizes.set(name, (sizes.get(name) ?? 0) + Number(meta_data!.total_compressed_size))
      }
  }
  return sizes
}
