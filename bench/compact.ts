import type { Part } from '#lib/schema/manifest.ts'
import { accept } from '#lib/accept/accept.ts'
import { DuckDBInstance } from '@duckdb/node-api'
import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildIfStale } from '../cli/build.ts'
import { asNginx } from '../src/lib/sample/lines.ts'
import { traffic } from '../src/lib/sample/traffic.ts'
import { compactApart, type Compacted } from '../test/store/compactor.ts'
import { surroundingsIn } from '../test/store/folder.ts'
import { flush, flushLimit } from '../workers/store/flush.ts'
import { partKey } from '../workers/store/keys.ts'
import { append } from '../workers/store/log.ts'
import { toLogRows } from '../workers/store/log-row.ts'
import { liveParts } from '../workers/store/manifest.ts'
import { unflushed } from '../workers/store/unflushed.ts'
import { short, type Section } from './report.ts'
import { makeEnrich } from './storage.ts'

/** As many as a part may have. */
const count = Number(process.env.LOGGIA_BENCH_LINES ?? 480_000)
const batchSize = 4_000
/** Enough that they are worth a rewrite at once. */
const lateHits = 30_000
const from = Date.parse('2026-10-31T00:00:00Z')
const to = Date.parse('2026-11-01T00:00:00Z')
const now = Date.parse('2026-11-01T12:00:00Z')

/** The parts of a finished day made into one, and late hits merged into it, against native DuckDB that writes one file of the same rows. */
export async function measure(): Promise<Section> {
  await buildIfStale()
  const folder = mkdtempSync(join(tmpdir(), 'loggia-compact-'))
  try {
    const whole = await measureDay(join(folder, 'whole'), count)
    const half = join(folder, 'half')
    const first = await measureDay(half, count / 2)
    const late = await measureDay(half, lateHits)
    const speed = ({ rows }: Measured, time: number) =>
      `${short(rows / time / 1_000)} k rows/s (${short(time)} s)`
    const size = (bytes: number) => `${(bytes / whole.rows).toFixed(2)} B a hit`
    const ratio = ({ peer, seconds }: Measured) => `**${(peer / seconds).toFixed(2)}**`
    const memory = (bytes: number) => `${short(bytes / 1e6)} MB`
    const spell = (rows: number) => rows.toLocaleString('en')
    return {
      title: 'Compact',
      how: `${spell(whole.rows)} hits of a finished day in ${whole.parents} parts become one, and ${spell(lateHits)} late hits go into a day of ${spell(count / 2)}, whose full row groups are copied; in a process of its own with a heap of 72 MB, from reading the first parent until the child is read back, compared and live; against native DuckDB on one thread that copies the same parts into one zstd Parquet of the same order.`,
      columns: ['what', 'Loggia', 'DuckDB'],
      rows: [
        ['**Loggia ÷ DuckDB, rows a second**', ratio(whole), ''],
        ['speed', speed(whole, whole.seconds), speed(whole, whole.peer)],
        ['**with late hits, Loggia ÷ DuckDB**', ratio(late), ''],
        ['speed with late hits', speed(late, late.seconds), speed(late, late.peer)],
        ['size', size(whole.bytes), size(whole.peerBytes)],
        ['memory over idle at most', memory(whole.peak), ''],
        [`memory held at most, of ${spell(first.rows)} hits`, memory(first.held), ''],
        [`memory held at most, of ${spell(whole.rows)} hits`, memory(whole.held), '']
      ]
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What merging took here and at the peer; times are seconds. */
interface Measured extends Compacted {
  parents: number
  bytes: number
  peer: number
  peerBytes: number
}

/** Adds hits to the day that lies in a folder, and merges all of it. */
async function measureDay(folder: string, hits: number): Promise<Measured> {
  const parents = await fill(folder, hits)
  const file = join(folder, 'peer.parquet')
  const { around, storage, bucket } = surroundingsIn(folder, now)
  const peer = await copyByDuckDB(
    parents.map((part) => bucket.file(partKey(around.site, part))),
    file
  )
  const watched = `${folder}-watched`
  cpSync(folder, watched, { recursive: true })
  const { held } = await compactApart(watched, now, true)
  rmSync(watched, { recursive: true })
  const compacted = { ...(await compactApart(folder, now)), held }
  const bytes = liveParts(storage).reduce((sum, part) => sum + part.bytes, 0)
  return { ...compacted, parents: parents.length, bytes, peer, peerBytes: statSync(file).size }
}

/** Puts hits of a day into a store; returns the parts that are to become one. */
async function fill(folder: string, hits: number): Promise<Part[]> {
  const { around, storage } = surroundingsIn(folder, now)
  const enrich = await makeEnrich()
  let lines: string[] = []
  const appendLines = () => {
    const body = new TextEncoder().encode(lines.join('\n'))
    const { hits, refusals } = accept(body, { received: now, token: 'bench' })
    const rows = [...hits.values()].flatMap(toLogRows)
    append(storage, { key: null, received: now, token: 'bench', rows, refusals })
    lines = []
  }
  for (const request of traffic({ seed: hits, from, to, hits })) {
    if (lines.push(asNginx(request)) < batchSize) continue
    appendLines()
    if (unflushed(storage).rows >= flushLimit) await flush(around, enrich)
  }
  if (lines.length) appendLines()
  while (unflushed(storage).rows) await flush(around, enrich)
  return liveParts(storage)
}

/** Seconds that native DuckDB takes to read, sort and write. */
async function copyByDuckDB(parts: string[], file: string): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  const start = performance.now()
  await connection.run(
    `copy (select * from read_parquet(['${parts.join("', '")}'], hive_partitioning = false) order by time, seq)
     to '${file}' (format parquet, compression zstd, row_group_size 122880)`
  )
  const seconds = (performance.now() - start) / 1_000
  connection.closeSync()
  instance.closeSync()
  return seconds
}
