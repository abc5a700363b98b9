import type { Manifest, ManifestChange } from '#lib/schema/manifest.ts'
import type { Period } from './filter.ts'
import type { Query } from './query.ts'

/** Where the working copy lives: a file that is there at the next visit, or memory. */
export type Storage = 'opfs' | 'memory'

/** One step of opening or syncing. `total` is 0 where it is not known. */
export interface Progress {
  step: 'download' | 'start' | 'open' | 'manifest' | 'fetch' | 'load'
  unit: 'bytes' | 'rows' | 'parts' | 'steps'
  done: number
  total: number
}

export type OnProgress = (progress: Progress) => void

/** What the device may hold without asking: DESIGN.md, decision 14. */
export interface Limits {
  rows: number
  bytes: number
}

export interface SyncOptions {
  signal?: AbortSignal
  onprogress?: OnProgress
  /** Raised after the user has agreed to more. */
  limits?: Limits
}

export interface SyncOutcome {
  version: number
  /** `offline`: the manifest last seen, and what of it is on the device. `limited`: newest days only, ask. */
  state: 'complete' | 'limited' | 'offline'
  /** What is not on the device of the range that was wanted. */
  missing: { parts: number; rows: number; bytes: number; days: string[] }
  /** Whether any row was added or removed. */
  changed: boolean
}

/** What is on the device now. */
export interface Holding {
  parts: number
  rows: number
  /** Of the cached Parquet bytes of this site. */
  bytes: number
  /** Of the newest hit, in milliseconds; null without hits. */
  newest: number | null
}

export interface Device {
  readonly site: string
  readonly storage: Storage
  /** The tab's own connection: `select` a selection, `ask` SQL over `selected(own, period)`. */
  readonly query: Query
  readonly manifest: Manifest | null
  /** Brings the hits of a range onto the device. One at a time; a second call waits for the first. */
  sync(range: Period, options?: SyncOptions): Promise<SyncOutcome>
  /** A change the live socket told of; `range` is what is on screen. */
  apply(change: ManifestChange, range: Period, options?: SyncOptions): Promise<SyncOutcome>
  holding(): Promise<Holding>
  /** Another connection with its own selection, for the SQL page. */
  connect(): Promise<Query>
  /** Leaves the data for the next visit. */
  close(): Promise<void>
}

/** Opens the engine and the working copy of a site. */
export async function openDevice(
  site: string,
  options: { onprogress?: OnProgress; signal?: AbortSignal } = {}
): Promise<Device> {
  throw new Error(`device of ${site} is not there yet ${String(options.signal)}`)
}

/** Sign-out: every database, cached part, manifest and list of sites on this device is deleted. */
export async function clearDevice(): Promise<void> {
  throw new Error('not there yet')
}
