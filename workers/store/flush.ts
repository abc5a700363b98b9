import { hideDropped } from '#lib/accept/drop.ts'
import { keptAddress, keptHost, keptName } from '#lib/accept/privacy.ts'
import type { Seen } from '#lib/enrich/enrich.ts'
import type { SignerOf } from '#lib/enrich/signature.ts'
import { dayOf } from '#lib/schema/day.ts'
import type { ColumnName, Enrichment } from '#lib/schema/hit.ts'
import { columns } from '#lib/schema/hit.ts'
import type { ManifestChange, Part, Range } from '#lib/schema/manifest.ts'
import { addToCounter } from './counters.ts'
import { partKey } from './keys.ts'
import { fromLogRows, type LogColumns, type Logged } from './log-row.ts'
import { nextLogged, readLogged, trimLog } from './log.ts'
import { describe, intend, swap, type Built, type Intent } from './manifest.ts'
import { PartWriter, type Values } from './parquet.ts'
import { readState, writeState } from './state.ts'
import { firstKeptDay, readRetention } from './retention.ts'
import { checkSignatures, takeSignatures } from './signed.ts'
import { setAside } from './set-aside.ts'
import { putOnce, sha256, type Surroundings } from './storage.ts'
import { keepCounts, type Counted, type Tally } from './tally.ts'

/** Hits a flush takes at a time: about 60 MB in an isolate. */
export const flushLimit = 16_000
/** After so many an append has its turn: a twentieth of a second at most. */
const enrichedAtOnce = 4_000
const writtenAtOnce = 6 * flushLimit
/** A stretch of the log that cannot be built is halved from this try on, down to the bad row, which goes to quarantine. */
const patience = 3

/** Enriches a hit; `signerOf` checks the signatures of bots. */
export interface EnrichHit {
  (hit: Seen): Enrichment
  readonly signerOf?: SignerOf
}

/** Enriches hits of the given UTC days. */
export type Enrich = (days: string[]) => Promise<EnrichHit>

interface Slice {
  intent: Intent
  /** Places in the log's columns, by time, then `seq`. */
  order: number[]
}

/** A part that is made but not stored. */
interface Made extends Built {
  intent: Intent
  body: Uint8Array
}

/**
 * Moves the next stretch of the log into parts, one a UTC day touched, and commits them with what `tally` counted of them.
 * Null when there is nothing to flush, a row was set aside, or somebody else was faster.
 */
export async function flush(
  around: Surroundings,
  enrich: Enrich,
  tally: Tally | null = null
): Promise<ManifestChange | null> {
  const { storage } = around
  const failures = readState(storage, 'flush_failures') ?? 0
  const halvings = Math.max(failures - patience + 1, 0)
  const logged = nextLogged(storage, flushLimit / 2 ** halvings)
  if (!logged.length) return null
  try {
    const range = { from: readState(storage, 'flushed') ?? 0, to: logged.at(-1)!.position + 1 }
    const first = firstKeptDay(readRetention(storage), around.now())
    const counted: Counted[] = []
    const count: Count | null =
      tally && (async (...hits) => void counted.push(...(await tally.count(...hits, around))))
    const isWanted = (day: string) => first === null || day >= first
    const made = await build(around, logged, enrich, { range, isWanted, count })
    // What came before the bad row is out of the way: twice as much is tried next.
    if (failures) writeState(storage, 'flush_failures', failures - 1)
    return await commit(around, range, logged, made, counted)
  } catch (error) {
    if (!(error instanceof BuildError)) throw error
    writeState(storage, 'flush_failures', failures + 1)
    if (failures + 1 < patience) throw error
    if (logged.length > 1) return flush(around, enrich, tally)
    setAside(around, logged[0]!, error)
    return null
  }
}

/** The hits themselves are the trouble, not the bucket: trying again will not help. */
class BuildError extends Error {}

/** Makes a part of a flush once more, of rows that are kept in the log. Null when they are not all there. */
export async function rebuild(
  around: Surroundings,
  part: Part,
  enrich: Enrich
): Promise<ManifestChange | null> {
  const { storage } = around
  const [range] = part.ranges
  try {
    const made = await build(around, readLogged(storage, range!), enrich, {
      range: range!,
      isWanted: (day) => day === part.day,
      revision: part.revision
    })
    if (made.length !== 1 || made[0]!.intent.rows !== part.rows) return null
    const added = await store(around, made)
    return swap(around, { added, removed: [part.id] })
  } catch (error) {
    if (error instanceof BuildError) return null
    throw error
  }
}

/** Counts the hits of a flush, as they are stored. */
type Count = (log: LogColumns, enriched: readonly Enrichment[]) => Promise<void>

interface Plan {
  range: Range
  isWanted: (day: string) => boolean
  revision?: number
  count?: Count | null
}

async function build(
  around: Surroundings,
  logged: Logged[],
  enrich: Enrich,
  { range, isWanted, revision = 0, count = null }: Plan
): Promise<Made[]> {
  const { log, slices } = await blame(async () => {
    const log = fromLogRows(logged)
    await around.pause()
    const slices = plan(log, { range, revision }, () => around.name())
    return { log, slices: slices.filter(({ intent }) => isWanted(intent.day)) }
  })
  const enrichOne = await enrich(slices.map((slice) => slice.intent.day))
  return blame(async () => {
    const enriched = await enrichAll(around, log, enrichOne)
    const signed = takeSignatures(log)
    if (signed.length) await checkSignatures(signed, enriched, enrichOne.signerOf)
    hideAddresses(log)
    hideDropped(log)
    if (count) await count(log, enriched)
    const made = []
    for (const slice of slices) made.push(await encode(around, slice, log, enriched))
    return made
  })
}

/** Runs what depends on nothing but the hits. */
async function blame<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new BuildError(String(error), { cause: error })
  }
}

async function commit(
  around: Surroundings,
  { from, to }: Range,
  logged: Logged[],
  made: Made[],
  counted: readonly Counted[]
): Promise<ManifestChange | null> {
  const { storage } = around
  const rows = logged.reduce((sum, row) => sum + row.rows, 0)
  const late = rows - made.reduce((sum, { intent }) => sum + intent.rows, 0)
  return swap(around, {
    added: await store(around, made),
    removed: [],
    holds: () => (readState(storage, 'flushed') ?? 0) === from,
    also() {
      writeState(storage, 'flushed', to)
      trimLog(around)
      addToCounter(storage, around.now(), 'expired', late)
      keepCounts(storage, counted, around.now(), () => around.name())
    }
  })
}

/** Announces parts and puts them into the bucket; their ids. */
async function store({ storage, bucket, site, now }: Surroundings, made: Made[]): Promise<string[]> {
  const intents = made.map(({ intent }) => intent)
  intend(storage, 'flush', intents, now())
  for (const { intent, body, ...built } of made) {
    describe(storage, intent.id, built)
    await putOnce(bucket, partKey(site, intent), body, built.sha256)
  }
  return intents.map(({ id }) => id)
}

/** One part for each UTC day that the stretch touches. */
function plan(
  log: LogColumns,
  { range, revision }: { range: Range; revision: number },
  name: () => string
): Slice[] {
  const days = new Map<string, number[]>()
  const time = log.time as number[]
  let dayStart = NaN
  let order: number[] = []
  for (let i = 0; i < time.length; i++) {
    const at = time[i]!
    if (!(at >= dayStart && at < dayStart + 86_400_000)) {
      dayStart = Math.floor(at / 86_400_000) * 86_400_000
      const day = dayOf(dayStart)
      order = days.get(day) ?? []
      days.set(day, order)
    }
    order.push(i)
  }
  return [...days].map(([day, order]) => ({
    intent: { id: name(), step: 'flush', day, ranges: [range], revision, rows: order.length },
    order: order.sort((a, b) => time[a]! - time[b]! || a - b)
  }))
}

/** After everything that reads an address: a site may want a part of it in its parts, or nothing. */
function hideAddresses({ ip, host, client_name, flags }: LogColumns): void {
  for (const [i, mark] of flags.entries()) {
    if (mark === null) continue
    ip[i] = keptAddress(ip[i] as string | null, mark as string)
    host[i] = keptHost(host[i] as string | null, mark as string)
    client_name[i] = keptName(client_name[i] as string | null, mark as string)
  }
}

async function enrichAll(
  around: Surroundings,
  log: LogColumns,
  enrich: (hit: Seen) => Enrichment
): Promise<Enrichment[]> {
  const { kind, time, host, path, referrer, user_agent, ip, client_name, flags } = log as {
    [N in keyof Seen]: Seen[N][]
  }
  const enriched: Enrichment[] = []
  for (let i = 0; i < log.seq.length; i++) {
    if (i % enrichedAtOnce === enrichedAtOnce - 1) await around.pause()
    enriched.push(
      enrich({
        kind: kind[i]!,
        time: time[i]!,
        host: host[i]!,
        path: path[i]!,
        referrer: referrer[i]!,
        user_agent: user_agent[i]!,
        ip: ip[i]!,
        client_name: client_name[i]!,
        flags: flags[i]!
      })
    )
  }
  return enriched
}

async function encode(
  around: Surroundings,
  { intent, order }: Slice,
  log: LogColumns,
  enriched: Enrichment[]
): Promise<Made> {
  const writer = new PartWriter()
  let written = 0
  await writer.group(order.length, async (name) => {
    if (written >= writtenAtOnce) {
      written = 0
      await around.pause()
    }
    written += order.length
    return gather(name, order, log, enriched)
  })
  await around.pause()
  const body = writer.finish()
  const times = log.time as number[]
  return {
    intent,
    body,
    bytes: body.length,
    sha256: await sha256(body),
    min_time: times[order[0]!]!,
    max_time: times[order.at(-1)!]!
  }
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
