import type { OwnRule, Rulings } from '#lib/schema/rulings.ts'
import type { Manifest, ManifestChange, Part } from '#lib/schema/manifest.ts'
import {
  cachedParts,
  cachedSize,
  dropCache,
  fetchManifest,
  fetchPart,
  forgetParts,
  keepManifest,
  Offline,
  PartGone
} from './cache.ts'
import type { EngineOptions } from '#lib/engine/engine.ts'
import type { LeftOut, Trial } from './judge.ts'
import { PartReader } from './part-reader.ts'
import type { OnProgress, Storage } from '#lib/engine/progress.ts'
import type { Member } from '#lib/filter/member.ts'
import { Query } from '#lib/ask/query.ts'
import type { Measure } from '#lib/ask/measure.ts'
import { rollUpsOf, type RollUps } from '#lib/ask/roll.ts'
import {
  applyChange,
  missingDays,
  partsNotHeld,
  planBatches,
  planSync,
  tallyOf,
  type Limits,
  type Tally,
  type Wanted
} from './sync.ts'
import { openWorkingCopy, removeFiles, type WorkingCopy } from './working-copy.ts'

export type { OnProgress, Progress, Storage } from '#lib/engine/progress.ts'
export type { Limits, Tally } from './sync.ts'

interface SyncOptions {
  signal?: AbortSignal
  onprogress?: OnProgress
  /** Raised after the user has agreed to more. */
  limits?: Limits
}

export interface SyncOutcome {
  version: number
  /** `offline`: the manifest last seen, and what of it is on the device. `limited`: the newest, until allowed. */
  state: 'complete' | 'limited' | 'offline'
  /** What of the range is not on the device. */
  missing: Tally
  /** Whether any row was added or removed. */
  changed: boolean
}

/** What is on the device now. */
export interface Holding {
  parts: number
  rows: number
  /** Of the cached Parquet bytes of this site. */
  bytes: number
  /** Time of the newest hit, in milliseconds; null without hits. */
  newest: number | null
  /** UTC days of the site that cannot be asked without a network, ascending. */
  missing_days: string[]
}

const open = new Set<Device>()
/**
 * A checkpoint is due in mid-load after so many rows, which until then are in memory as they came, some 300 bytes
 * each; and once their questions are answered, after a sync or a few live batches that brought so many.
 */
const savedRows = { loading: 200_000, synced: 20_000 }
/** And after the roll-ups of so many runs of days, some 20 MB of the log. */
const savedRuns = 8

/** Opens the engine and the working copy of a site. */
export async function openDevice(
  site: string,
  options: Omit<EngineOptions, 'file'> & { measures?: Promise<readonly Measure[]> } = {}
): Promise<Device> {
  const copy = await openWorkingCopy(site, options)
  const measures = await options.measures
  const rollUps = measures && rollUpsOf(measures)
  if (rollUps) await copy.store.openRolls(rollUps)
  const device = new Device(site, copy, await connect(copy, rollUps), rollUps)
  open.add(device)
  return device
}

/** Questions are answered by roll-ups where it is known what they hold. */
const connect = async ({ engine, store }: WorkingCopy, rollUps?: RollUps) =>
  new Query(await engine.connect(), rollUps && (() => store.rolled))

/** Lets go of every database that this tab has open. */
export async function closeDevices(): Promise<void> {
  await Promise.all(Array.from(open, (device) => device.close()))
}

/** Sign-out: every database, cached part, manifest and list of sites on this device is deleted. */
export async function clearDevice(): Promise<void> {
  await closeDevices()
  await Promise.all([dropCache(), removeFiles()])
}

/** A site on this device: its hits, kept in step with the manifest, and the tab's questions about them. */
export class Device {
  readonly site: string
  readonly storage: Storage
  /** Whether the engine was started as this device held it. */
  readonly wasKept: boolean
  readonly query: Query
  manifest: Manifest | null = null
  readonly #copy: WorkingCopy
  readonly #rollUps: RollUps | undefined
  readonly #queries = new Set<Query>()
  #unsaved = 0
  readonly #reader: PartReader
  #queue: Promise<unknown> = Promise.resolve()

  constructor(site: string, copy: WorkingCopy, query: Query, rollUps?: RollUps) {
    this.site = site
    this.storage = copy.engine.storage
    this.wasKept = copy.engine.wasKept
    this.query = query
    this.#copy = copy
    this.#reader = new PartReader(site)
    this.#rollUps = rollUps
    this.#queries.add(query)
  }

  /** Brings the hits of a range onto the device. One at a time: a second call waits for the first. */
  sync(range: Wanted, options: SyncOptions = {}): Promise<SyncOutcome> {
    return this.#enqueue(async () => {
      options.onprogress?.({ step: 'manifest', unit: 'steps', done: 0, total: 1 })
      const isOffline = await this.#refresh(options.signal)
      return this.#follow(range, isOffline, options)
    })
  }

  /** A change that the live socket told of; `range` is what is on screen. */
  apply(change: ManifestChange, range: Wanted, options: SyncOptions = {}): Promise<SyncOutcome> {
    return this.#enqueue(async () => {
      if (this.manifest && change.version <= this.manifest.version) return this.#follow(range, false, options)
      const next = applyChange(this.manifest, change)
      if (!next) return this.#follow(range, await this.#refresh(options.signal), options)
      this.#adopt(next)
      await keepManifest(next)
      return this.#follow(range, false, options)
    })
  }

  async holding(): Promise<Holding> {
    const { parts = 0, bytes = 0 } = this.manifest ? await cachedSize(this.site, this.manifest) : {}
    const missing_days = missingDays(
      this.#copy.store.held,
      await cachedParts(this.site),
      this.manifest?.parts ?? []
    )
    return this.#enqueue(async () => ({
      parts,
      bytes,
      missing_days,
      ...(await this.#copy.store.totals())
    }))
  }

  /** What of a range is not on the device, for all that is known. */
  missing(range: Wanted): Tally {
    return tallyOf(this.manifest ? partsNotHeld(this.#copy.store.held, this.manifest, range) : [])
  }

  /** Whenever nothing is asked: saves what was loaded, and makes the roll-ups of the days that are over, newest first. */
  async tidy(now: number, signal: AbortSignal): Promise<void> {
    await this.query.calm()
    await this.#enqueue(() => this.#save(savedRows.synced))
    const { store } = this.#copy
    const rollUps = this.#rollUps
    if (!rollUps) return
    const runs = await this.#enqueue(() => store.planRolls(now))
    for (const [i, days] of runs.entries()) {
      await this.query.calm()
      if (signal.aborted) return
      await this.#enqueue(() => store.roll(days, rollUps))
      if ((i + 1) % savedRuns === 0 || i + 1 === runs.length) await this.#enqueue(() => this.#checkpoint())
    }
  }

  /** What the owner has last said of rules and visitors. */
  get rulings(): Rulings {
    return this.#copy.store.rulings
  }

  /** Why rules of the owner are left out, by their names. */
  get leftOut(): LeftOut {
    return this.#copy.store.leftOut
  }

  /** Tests a rule of the owner on all visitors, and changes nothing. */
  tryRule(rule: OwnRule): Promise<Trial> {
    return this.#enqueue(() => this.#copy.store.tryRule(rule))
  }

  /** Judges all visitors anew, if the owner wants them judged otherwise than before. */
  judgeBy(rulings: Rulings): Promise<boolean> {
    return this.#enqueue(async () => {
      const isOther = await this.#copy.store.judgeBy(rulings)
      if (isOther) for (const query of this.#queries) query.version++
      return isOther
    })
  }

  /**
   * Looks for a text anywhere in a line in these keys, too, from the next selection on. Returns whether they are others
   * than before.
   */
  search(members: readonly Member[]): boolean {
    const isOther = String(members) !== String(this.query.searched)
    for (const query of this.#queries) query.searched = members
    return isOther
  }

  /** Another connection with a selection of its own, for the SQL page. */
  async connect(): Promise<Query> {
    const query = await connect(this.#copy, this.#rollUps)
    query.version = this.query.version
    query.hits = this.query.hits
    query.searched = this.query.searched
    this.#queries.add(query)
    return query
  }

  /** Leaves the data for the next visit. */
  async close(): Promise<void> {
    open.delete(this)
    await this.query.cancel()
    await this.#enqueue(() => this.#checkpoint())
    this.#reader.close()
    await this.#copy.close()
  }

  async #refresh(signal?: AbortSignal): Promise<boolean> {
    const { value, isOffline } = await fetchManifest(this.site, signal)
    this.#adopt(value)
    return isOffline
  }

  #adopt(manifest: Manifest) {
    this.manifest = manifest
    const hits = manifest.parts.reduce((sum, { rows }) => sum + rows, 0)
    for (const query of this.#queries) query.hits = hits
  }

  async #follow(
    range: Wanted,
    isOffline: boolean,
    options: SyncOptions,
    isRetry = false
  ): Promise<SyncOutcome> {
    const { store } = this.#copy
    const plan = planSync(store.held, await cachedParts(this.site), this.manifest!, range, options.limits)
    if (!isOffline) await forgetParts(this.site, plan.forget)
    await store.drop(plan.drop)
    let changed = plan.drop.length > 0
    const onload = () => {
      changed = true
      for (const query of this.#queries) query.version++
    }
    if (changed) onload()
    try {
      await this.#load(plan.fetch, options, onload)
    } catch (error) {
      if (error instanceof PartGone && !isRetry) {
        isOffline = await this.#refresh(options.signal)
        const outcome = await this.#follow(range, isOffline, options, true)
        return { ...outcome, changed: changed || outcome.changed }
      }
      if (!(error instanceof Offline)) throw error
      isOffline = true
    }
    const missing = this.missing(range)
    return {
      version: this.manifest!.version,
      state: isOffline ? 'offline' : missing.parts ? 'limited' : 'complete',
      missing,
      changed
    }
  }

  async #load(
    parts: readonly Part[],
    { signal, onprogress }: SyncOptions,
    onload: () => void
  ): Promise<void> {
    const total = parts.reduce((sum, { rows }) => sum + rows, 0)
    let [fetched, loaded] = [0, 0]
    for (const batch of planBatches(parts)) {
      const bytes = new Map<string, Uint8Array<ArrayBuffer>>()
      await Promise.all(
        batch.map(async (part) => {
          bytes.set(part.id, await fetchPart(this.site, part, signal))
          onprogress?.({ step: 'fetch', unit: 'parts', done: ++fetched, total: parts.length })
        })
      )
      signal?.throwIfAborted()
      await this.#copy.store.load(batch, (parts) => this.#reader.read(parts, bytes))
      const rows = batch.reduce((sum, part) => sum + part.rows, 0)
      loaded += rows
      this.#unsaved += rows
      onprogress?.({ step: 'load', unit: 'rows', done: loaded, total })
      onload()
      if (loaded < total) await this.#save(savedRows.loading)
    }
    // It keeps the memory of the largest part it has read; live ones are small.
    if (total > savedRows.synced) this.#reader.close()
  }

  async #save(rows: number) {
    if (this.#unsaved >= rows) await this.#checkpoint()
  }

  #checkpoint(): Promise<void> {
    this.#unsaved = 0
    const checkpoint = () => this.#copy.store.checkpoint()
    return [...this.#queries].reduce((work, query) => () => query.alone(work), checkpoint)()
  }

  #enqueue<T>(job: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(job)
    this.#queue = done.catch(() => {})
    return done
  }
}
