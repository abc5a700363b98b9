import type { Part, Range } from '#lib/schema/manifest.ts'
import { losses, type Checked, type Finding } from '#lib/schema/status.ts'
import { readCounters } from './counters.ts'
import { collect, deleteAll, listOrphans } from './garbage.ts'
import { partKey } from './keys.ts'
import { liveParts } from './manifest.ts'
import { readMended } from './mend.ts'
import { union } from './ranges.ts'
import { readState } from './state.ts'
import type { Storage, Surroundings } from './storage.ts'
import { countUnflushed, unflushed as knownUnflushed } from './unflushed.ts'

/** Dead parts are deleted after a day, by an alarm that may be late. */
const latest = 48 * 3_600_000

/**
 * Holds the manifest against the bucket and against what was accepted. With `repair`, objects that nobody can need are
 * deleted; nothing else is touched.
 */
export async function fsck(around: Surroundings, repair: boolean): Promise<Checked> {
  const { storage, now } = around
  // All of one moment: hits move from the log into parts while the bucket is asked.
  const parts = liveParts(storage)
  const unflushed = countUnflushed(storage).rows
  const version = readState(storage, 'version') ?? 0
  const findings = [...checkRows(storage, parts), ...checkLog(storage), ...checkRanges(storage, parts)]
  for (const part of parts) {
    findings.push(...(await checkObject(around, part)))
    await around.pause()
  }
  const orphans = await listOrphans(around)
  findings.push(
    ...orphans.map((key): Finding => ({ kind: 'orphan', message: `no part knows object ${key}` }))
  )
  findings.push(...checkGarbage(storage, now()))
  let repaired = 0
  if (repair) {
    await deleteAll(around, orphans)
    repaired = orphans.length + (await collect(around))
  }
  return {
    version,
    parts: parts.length,
    rows: rowsOf(parts),
    unflushed,
    findings,
    repaired,
    mended: readMended(storage)
  }
}

const rowsOf = (parts: Part[]) => parts.reduce((sum, part) => sum + part.rows, 0)

async function checkObject({ bucket, site }: Surroundings, part: Part): Promise<Finding[]> {
  const key = partKey(site, part)
  const object = await bucket.head(key)
  if (!object) return [{ kind: 'missing', message: `object ${key} is not in the bucket` }]
  if (object.bytes !== part.bytes)
    return [{ kind: 'damaged', message: `object ${key} has ${object.bytes} bytes, not ${part.bytes}` }]
  if (object.sha256 !== part.sha256)
    return [{ kind: 'damaged', message: `object ${key} has the hash ${object.sha256}, not ${part.sha256}` }]
  return []
}

/** Every accepted hit is in a part, in the log, or was let go for a reason that is counted. */
function checkRows(storage: Storage, parts: Part[]): Finding[] {
  const counters = readCounters(storage)
  const lost = losses.reduce((sum, name) => sum + (counters.get(name) ?? 0), 0)
  const gone = lost - (counters.get('put_back') ?? 0)
  const wanted = (counters.get('accepted') ?? 0) - gone
  const held = rowsOf(parts) + countUnflushed(storage).rows
  if (held === wanted) return []
  return [
    { kind: 'rows', message: `${held} hits are held of ${wanted}: ${gone + wanted} accepted, ${gone} let go` }
  ]
}

/** The rows of the log are those that the last one knows of. */
function checkLog(storage: Storage): Finding[] {
  const [known, counted] = [knownUnflushed(storage), countUnflushed(storage)]
  if (known.rows === counted.rows && known.bytes === counted.bytes) return []
  return [
    {
      kind: 'rows',
      message: `the log holds ${counted.rows} hits in ${counted.bytes} bytes, not ${known.rows} in ${known.bytes}`
    }
  ]
}

function checkRanges(storage: Storage, parts: Part[]): Finding[] {
  const findings: Finding[] = []
  for (const [day, ofDay] of Map.groupBy(parts, (part) => part.day)) {
    const ranges = ofDay.flatMap((part) => part.ranges)
    if (length(ranges) > length(union(ranges)))
      findings.push({ kind: 'overlap', message: `parts of ${day} hold the same stretch of the log twice` })
  }
  const counters = readCounters(storage)
  // What was let go may leave a hole.
  if (losses.some((name) => counters.get(name))) return findings
  const flushed = readState(storage, 'flushed') ?? 0
  const covered = union(parts.flatMap((part) => part.ranges))
  if (length(covered) < flushed)
    findings.push({
      kind: 'gap',
      message: `parts cover ${length(covered)} positions of the log, not ${flushed}`
    })
  return findings
}

const length = (ranges: Range[]) => ranges.reduce((sum, { from, to }) => sum + to - from, 0)

function checkGarbage(storage: Storage, now: number): Finding[] {
  const late = storage.sql<{ id: string }>(
    `select id from part where state = 'dead' and deleted is null and since <= ?`,
    now - latest
  )
  return late.map(({ id }) => ({
    kind: 'garbage',
    message: `part ${id} is dead for two days and not deleted`
  }))
}
