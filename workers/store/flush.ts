import type { ColumnName, Enrichment, AcceptedHit } from '#lib/schema/hit.ts'
import { columns } from '#lib/schema/hit.ts'
import type { ManifestChange } from '#lib/schema/manifest.ts'
import { partKey } from './keys.ts'
import { fromLogRows, type LogColumns } from './log-row.ts'
import { nextLogged, trimLog, type Logged } from './log.ts'
import { describe, intend, swap, type Intent } from './manifest.ts'
import { PartWriter, type Values } from './parquet.ts'
import { quarantine } from './quarantine.ts'
import { readState, writeState } from './state.ts'
import { sha256, type Surroundings } from './storage.ts'

/** Hits a flush takes at a time: about 60 MB in an isolate, and 0.2 s in which an append waits. */
export const flushLimit = 16_000
/** A stretch of the log that cannot be built is halved after so many tries, down to one row, which goes to quarantine. */
const patience = 3

/** Enriches hits of the given UTC days. */
export type Enrich = (days: string[]) => Promise<(hit: AcceptedHit) => Enrichment>

interface Slice {
  intent: Intent
  /** Places in the log's columns, by time, then `seq`. */
  order: number[]
}

/**
 * Moves the next stretch of the log into parts, one a UTC day touched, and commits them.
 * Null when there is nothing to flush or somebody else was faster.
 */
export async function flush(around: Surroundings, enrich: Enrich): Promise<ManifestChange | null> {
  const { storage } = around
  const failures = readState(storage, 'flush_failures') ?? 0
  const logged = nextLogged(storage, flushLimit >> Math.floor(failures / patience))
  if (!logged.length) return null
  try {
    const change = await build(around, logged, enrich)
    if (failures) writeState(storage, 'flush_failures', 0)
    return change
  } catch (error) {
    writeState(storage, 'flush_failures', failures + 1)
    if (logged.length > 1 || failures + 1 < patience) throw error
    return setAside(around, logged[0]!, error)
  }
}

async function build(around: Surroundings, logged: Logged[], enrich: Enrich): Promise<ManifestChange | null> {
  const { storage } = around
  const from = readState(storage, 'flushed') ?? 0
  const to = logged.at(-1)!.position + 1
  const log = fromLogRows(logged)
  const slices = plan(log, { from, to }, () => around.name())
  intend(
    storage,
    'flush',
    slices.map((slice) => slice.intent),
    around.now()
  )
  const enriched = enrichAll(log, await enrich(slices.map((slice) => slice.intent.day)))
  for (const slice of slices) {
    await storePart(around, slice, log, enriched)
    await around.pause()
  }
  return swap(
    storage,
    {
      added: slices.map((slice) => slice.intent.id),
      removed: [],
      holds: () => (readState(storage, 'flushed') ?? 0) === from,
      also() {
        writeState(storage, 'flushed', to)
        trimLog(storage, to)
      }
    },
    around.now()
  )
}

/** One part for each UTC day that the stretch touches. */
function plan(log: LogColumns, range: { from: number; to: number }, name: () => string): Slice[] {
  const days = new Map<string, number[]>()
  const time = log.time as number[]
  let dayStart = NaN
  let order: number[] = []
  for (let i = 0; i < time.length; i++) {
    const at = time[i]!
    if (!(at >= dayStart && at < dayStart + 86_400_000)) {
      dayStart = Math.floor(at / 86_400_000) * 86_400_000
      const day = new Date(dayStart).toISOString().slice(0, 10)
      order = days.get(day) ?? []
      days.set(day, order)
    }
    order.push(i)
  }
  return [...days].map(([day, order]) => ({
    intent: { id: name(), step: 'flush', day, ranges: [range], revision: 0, rows: order.length },
    order: order.sort((a, b) => time[a]! - time[b]! || a - b)
  }))
}

function enrichAll(log: LogColumns, enrich: (hit: AcceptedHit) => Enrichment): Enrichment[] {
  const names = columns.filter((column) => column.from === 'accept').map((column) => column.name)
  return log.seq.map((_, i) => {
    const hit: Record<string, unknown> = {}
    for (const name of names) hit[name] = log[name][i]
    return enrich(hit as unknown as AcceptedHit)
  })
}

async function storePart(
  around: Surroundings,
  { intent, order }: Slice,
  log: LogColumns,
  enriched: Enrichment[]
): Promise<void> {
  const { storage, bucket, site } = around
  const writer = new PartWriter()
  await writer.group(order.length, (name) => gather(name, order, log, enriched))
  const bytes = writer.finish()
  const times = log.time as number[]
  const built = {
    bytes: bytes.length,
    sha256: await sha256(bytes),
    min_time: times[order[0]!]!,
    max_time: times[order.at(-1)!]!
  }
  describe(storage, intent.id, built)
  await bucket.put(partKey(site, intent), bytes, built.sha256)
}

const steps = new Map(columns.map((column) => [column.name, column]))

function gather(name: ColumnName, order: number[], log: LogColumns, enriched: Enrichment[]): Values {
  const { from, type } = steps.get(name)!
  const values =
    from === 'enrich'
      ? order.map((i) => enriched[i]![name as keyof Enrichment])
      : order.map((i) => (log[name as keyof LogColumns] as unknown[])[i])
  if (type !== 'BIGINT' && type !== 'TIMESTAMP') return values
  return values.map((value) => (value === null ? null : BigInt(value as number)))
}

/** Puts a row of the log that cannot be built out of the way, so that it neither blocks the site nor is lost. */
function setAside(around: Surroundings, { position, hits }: Logged, error: unknown): null {
  const { storage } = around
  const raw = Buffer.from(hits).toString('base64')
  storage.transaction(() => {
    quarantine(storage, {
      received: around.now(),
      token: null,
      refusals: [{ index: position, reason: 'flush', message: String(error), sample: '', raw }]
    })
    writeState(storage, 'flushed', position + 1)
    writeState(storage, 'flush_failures', 0)
    trimLog(storage, position + 1)
  })
  return null
}
