import type { Manifest, Part } from '#lib/schema/manifest.ts'
import { Remote } from '#lib/engine/remote.ts'
import { forgetSite, keepManifest } from '#lib/device/cache.ts'
import type { Reading, Refusals } from './read.ts'

/** Files opened on this device, as a site that no server knows. */
export interface LocalSite {
  site: string
  /** Of the file, or of the first of several. */
  name: string
  rows: number
  bytes: number
  parts: number
  last_time: number | null
  version: number
  opened: number
  lines: number
  refusals: Refusals
  /** Why the reading ended before the file did. */
  broken: string | null
}

/** What is to be read: files, or sample traffic up to now. */
export type Source = File[] | 'sample'

/** To the worker that reads. */
export interface Order {
  site: string
  files: File[] | null
  now: number
}

/** What came of it. */
export interface Read {
  parts: Part[]
  reading: Reading
}

/** What the worker does. Notes are how far it is. A failure says why there are no parts, or what the file is instead. */
export interface LocalCalls {
  read(order: Order): Promise<Read>
}

/** Reads files into parts on this device. What was read before a failure or an abort is taken away again. */
export async function openLocal(
  source: Source,
  { onprogress, signal }: { onprogress: (reading: Reading) => void; signal: AbortSignal }
): Promise<LocalSite> {
  const now = Date.now()
  const site = await nameOf(source)
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  const remote = new Remote<LocalCalls, Reading>(worker, 'the reading worker')
  remote.onnote = onprogress
  try {
    await forgetSite(site)
    const order: Order = { site, files: source === 'sample' ? null : source, now }
    const { promise: aborted, reject } = Promise.withResolvers<never>()
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    const { parts, reading } = await Promise.race([remote.call('read', order), aborted])
    const manifest: Manifest = { site, version: now, parts }
    await keepManifest(manifest)
    return describe(manifest, source, reading)
  } catch (error) {
    remote.terminate()
    await forgetSite(site)
    throw error
  } finally {
    remote.terminate()
  }
}

function describe({ site, version, parts }: Manifest, source: Source, reading: Reading): LocalSite {
  const sum = (of: (part: Part) => number) => parts.reduce((total, part) => total + of(part), 0)
  return {
    site,
    name: titleOf(source),
    rows: sum(({ rows }) => rows),
    bytes: sum(({ bytes }) => bytes),
    parts: parts.length,
    last_time: reading.to,
    version,
    opened: version,
    lines: reading.lines,
    refusals: reading.refusals,
    broken: reading.broken
  }
}

/** What the page calls it. */
export function titleOf(source: Source): string {
  if (source === 'sample') return 'Sample data'
  const [first, ...others] = source
  return others.length ? `${first?.name} and ${others.length} more` : (first?.name ?? '')
}

/** The same files again are the same site; nothing of their lines is in the name. */
async function nameOf(source: Source): Promise<string> {
  const facts =
    source === 'sample' ? source : source.map(({ name, size, lastModified }) => [name, size, lastModified])
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(facts)))
  const hex = Array.from(new Uint8Array(digest).subarray(0, 6), (byte) => byte.toString(16).padStart(2, '0'))
  return `local-${hex.join('')}`
}
