import { accept } from '#lib/accept/accept.ts'
import { DuckDBInstance } from '@duckdb/node-api'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildIfStale } from '../cli/build.ts'
import { asNginx, traffic } from '../test/fixtures/traffic.ts'
import { compactApart } from '../test/store/compactor.ts'
import { surroundingsIn } from '../test/store/folder.ts'
import { flush } from '../workers/store/flush.ts'
import { append, unflushed } from '../workers/store/log.ts'
import { toLogRows } from '../workers/store/log-row.ts'
import { liveParts } from '../workers/store/manifest.ts'
import { short, type Section } from './report.ts'
import { makeEnrich } from './storage.ts'

/** As many as a part may have. */
const count = Number(process.env.LOGGIA_BENCH_LINES ?? 480_000)
const batchSize = 4_000
const flushed = 16_000
const from = Date.parse('2026-10-31T00:00:00Z')
const to = Date.parse('2026-11-01T00:00:00Z')
const now = Date.parse('2026-11-01T12:00:00Z')

/** The parts of a finished day made into one, against native DuckDB that writes one file of the same rows. */
export async function measure(): Promise<Section> {
  await buildIfStale()
  const folder = mkdtempSync(join(tmpdir(), 'loggia-compact-'))
  try {
    const parents = await fill(folder)
    const file = join(folder, 'peer.parquet')
    const peer = await copyByDuckDB(join(folder, 'bucket/*.parquet'), file)
    const { rows, seconds, idle, peak } = await compactApart(folder, now)
    const { storage } = surroundingsIn(folder, now)
    const bytes = liveParts(storage).reduce((sum, part) => sum + part.bytes, 0)
    const speed = (time: number) => `${short(rows / time / 1_000)} k rows/s (${short(time)} s)`
    const size = (of: number) => `${(of / rows).toFixed(2)} B a hit`
    return {
      title: 'Compact',
      how: `${rows.toLocaleString('en')} hits of a finished day in ${parents} parts become one, in a process of its own with a heap of 72 MB, from reading the first parent until the child is read back, compared and live; against native DuckDB on one thread that copies the same parts into one zstd Parquet of the same order.`,
      columns: ['what', 'Loggia', 'DuckDB'],
      rows: [
        ['**Loggia ÷ DuckDB, rows a second**', `**${(peer / seconds).toFixed(2)}**`, ''],
        ['speed', speed(seconds), speed(peer)],
        ['size', size(bytes), size(statSync(file).size)],
        ['memory over idle at most', `${short((peak - idle) / 1e6)} MB`, '']
      ]
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Puts a day of hits into a store; returns how many parts they make. */
async function fill(folder: string): Promise<number> {
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
  for (const request of traffic({ seed: 1, from, to, hits: count })) {
    if (lines.push(asNginx(request)) < batchSize) continue
    appendLines()
    if (unflushed(storage).rows >= flushed) await flush(around, enrich)
  }
  if (lines.length) appendLines()
  while (unflushed(storage).rows) await flush(around, enrich)
  return liveParts(storage).length
}

/** Seconds that native DuckDB takes to read, sort and write. */
async function copyByDuckDB(parts: string, file: string): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  const start = performance.now()
  await connection.run(
    `copy (select * from read_parquet('${parts}', hive_partitioning = false) order by time, seq)
     to '${file}' (format parquet, compression zstd, row_group_size 122880)`
  )
  const seconds = (performance.now() - start) / 1_000
  connection.closeSync()
  instance.closeSync()
  return seconds
}
