import type { Manifest, Part } from '#lib/schema/manifest.ts'
import { forgetSite, keepManifest } from '#lib/device/cache.ts'
import type { Failed, Reading, Refusals } from './read.ts'

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

/** From it: how far it is, and at last the parts or why there are none. */
export type Report = { reading: Reading } | { parts: Part[]; reading: Reading } | { failed: Failed }

/** The file is no log; the message says what it is instead. */
class NotALog extends Error {
  override name = 'NotALog'
}

/** Reads files into parts on this device. What was read before a failure or an abort is taken away again. */
export async function openLocal(
  source: Source,
  { onprogress, signal }: { onprogress: (reading: Reading) => void; signal: AbortSignal }
): Promise<LocalSite> {
  const now = Date.now()
  const site = await nameOf(source)
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  try {
    await forgetSite(site)
    const order: Order = { site, files: source === 'sample' ? null : source, now }
    const { parts, reading } = await follow(worker, order, onprogress, signal)
    const manifest: Manifest = { site, version: now, parts }
    await keepManifest(manifest)
    return describe(manifest, source, reading)
  } catch (error) {
    worker.terminate()
    await forgetSite(site)
    throw error
  } finally {
    worker.terminate()
  }
}

function follow(worker: Worker, order: Order, onprogress: (reading: Reading) => void, signal: AbortSignal) {
  const { promise, resolve, reject } = Promise.withResolvers<{ parts: Part[]; reading: Reading }>()
  signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  worker.onerror = ({ message }) => reject(new Error(`the reading worker failed: ${message || 'not loaded'}`))
  worker.onmessage = ({ data }: MessageEvent<Report>) => {
    if ('failed' in data) return reject(new NotALog(data.failed.message))
    onprogress(data.reading)
    if ('parts' in data) resolve(data)
  }
  worker.postMessage(order)
  return promise
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
