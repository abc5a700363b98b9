import type { Device, Holding, Limits, Progress, SyncOutcome, Tally } from '#lib/device/device.ts'
import type { Selection } from '#lib/filter/filter.ts'
import type { Period } from '#lib/time/period.ts'
import type { ManifestChange } from '#lib/schema/manifest.ts'
import type { Measure } from '#lib/ask/measure.ts'
import type { Timing } from '#lib/time/buckets.ts'
import { overlaps } from '#lib/time/ranges.ts'
import { tick } from 'svelte'
import { isHere, stretchesOf } from './here.ts'
import { pace } from './pace.svelte.ts'
import { asError, session } from './session.svelte.ts'
import { dated } from '#lib/format/time.ts'
import { view } from './view.svelte.ts'

/** Always the same, so that nothing is drawn anew after a sync that left nothing out. */
const none: readonly Period[] = []

/** The site's hits on this device: opening the engine, bringing what the range needs, following what comes. */
class Sync {
  device = $state.raw<Device | null>(null)
  progress = $state.raw<Progress | null>(null)
  outcome = $state.raw<SyncOutcome | null>(null)
  /** What of the range is not here, also where bringing it was stopped or failed. */
  missing = $state.raw<Tally | null>(null)
  holding = $state.raw<Holding | null>(null)
  error = $state.raw<Error | null>(null)
  /** The selection that the engine answers for. */
  shown = $state.raw<Selection | null>(null)
  isBusy = $state(false)
  /** The user has stopped it; what is here is shown. */
  isStopped = $state(false)
  /** What the panels want kept of days that are over. */
  measures: (() => Promise<readonly Measure[]>) | null = null
  #hasRows = $state(false)
  syncedAt = $state<number | null>(null)

  /** Whether there is anything to ask about: before the first hits are here, zeros would be a lie. */
  isReady = $derived(this.device !== null && (this.outcome !== null || this.#hasRows))
  isEmpty = $derived(this.outcome?.state === 'complete' && this.device?.manifest?.parts.length === 0)

  /** Whether hits are on their way that the user waits for. */
  isLoading = $derived(this.isBusy && ['fetch', 'load'].includes(this.progress?.step ?? ''))

  /** Whether all hits of a range are here: one that begins before the site does cannot be compared with. */
  isWhole(period: Period) {
    if (this.isLoading || !this.missing || !isWithinHeld(period)) return false
    return isHere(period, this.missing.days)
  }

  /** The UTC days that the range needs of which hits are not here, nor on their way. */
  absent = $derived(this.isLoading || !this.missing?.parts ? none : stretchesOf(this.missing.days))
  /** Whether hits of the range are among them. */
  isAbsent = $derived(overlaps(this.absent, view.range))

  /** Whether all of what the range is compared with is here. */
  isComparable = $derived(view.previous !== null && this.isWhole(view.previous))
  /** Why there is nothing to compare with; empty while that is not known. */
  incomparable = $derived.by(() => {
    const { previous, held } = view
    if (!previous || this.isComparable || !held || this.isLoading) return ''
    return isWithinHeld(previous) ? 'not on this device' : `no data before ${dated(held.from)}`
  })
  /** True while the previous period is loaded or loading. */
  isComparing = $derived(
    this.isComparable ||
      (this.isBusy && view.previous !== null && (view.held === null || isWithinHeld(view.previous)))
  )

  #opening = new AbortController()
  #fetching = new AbortController()
  #rolling = new AbortController()
  #selection: Selection | null = null
  /** Whether the socket tells of every change of the manifest. */
  #isFollowing = false
  /** The socket was lost, so nothing new comes until it is open again. */
  isLost = $state(false)
  /** Rises whenever the socket opens or closes. */
  #turn = 0
  /** Up to when all hits are here: now while the socket follows the site, else the last sync; ms since 1970. */
  get knownUntil(): number {
    return this.#isFollowing && !session.isOffline && !this.isBusy ? Date.now() : (this.syncedAt ?? 0)
  }
  /** What the user has agreed to: until the site is closed, or another question is asked of a load that was stopped. */
  #limits: Limits | null = null
  #closing: Promise<unknown> = Promise.resolve()

  async open(site: string) {
    this.close()
    const { signal } = (this.#opening = new AbortController())
    try {
      // Its file can be opened again only when it was let go.
      await this.#closing
      const after = painted()
      const { openDevice } = await import('#lib/device/device.ts')
      const device = await openDevice(site, {
        signal,
        after,
        onprogress: this.#report,
        ...(this.measures && { measures: after.then(this.measures) })
      })
      if (!signal.aborted) await this.#look(device)
      if (signal.aborted) return device.close()
      this.device = device
    } catch (error) {
      if (!signal.aborted) this.#fail(error)
    }
  }

  close() {
    this.#opening.abort()
    this.#fetching.abort()
    this.#rolling.abort()
    pace.stop()
    if (this.device) this.#closing = this.device.close().catch(() => {})
    this.device = this.outcome = this.missing = this.holding = this.shown = null
    this.error = this.progress = this.syncedAt = null
    view.held = null
    this.isBusy = this.isStopped = this.isLost = this.#hasRows = this.#isFollowing = false
    this.#limits = null
  }

  /** Makes a selection what every panel answers for: at once over what is here, again over what comes. */
  async show(device: Device, selection: Selection, timing: Timing) {
    this.#selection = selection
    await device.query.select(selection, timing)
    if (selection !== this.#selection) return
    this.shown = selection
    if (this.isReady) pace.now()
    if (!this.#holds(device, selection)) await this.fetch()
  }

  /** The socket is open: once the manifest is read again, the socket tells of every change. */
  async attend() {
    const turn = ++this.#turn
    this.isLost = false
    if (this.isStopped) return
    await this.fetch()
    this.#isFollowing = turn === this.#turn && this.error === null
  }

  /** The socket is closed: changes may be missed. */
  leave(isLost: boolean) {
    this.#turn++
    this.isLost = isLost
    this.#isFollowing = false
  }

  /** Whether the device has every hit of a range for certain, so that the network need not be asked. */
  #holds(device: Device, selection: Selection): boolean {
    if (!this.#isFollowing || this.isBusy || this.isStopped || this.outcome?.state === 'offline') return false
    const missing = device.missing(selection)
    if (missing.parts || !this.outcome) return false
    this.outcome = { ...this.outcome, state: 'complete', missing, changed: false }
    this.missing = missing
    this.error = null
    this.syncedAt = view.now = Date.now()
    return true
  }

  async fetch(limits = this.isStopped ? null : this.#limits) {
    if (!this.device || !this.#selection) return
    this.#fetching.abort()
    const { signal } = (this.#fetching = new AbortController())
    this.isStopped = false
    this.#limits = limits
    const options = { ...this.#options(signal), onprogress: this.#report }
    await this.#settle(this.device, this.device.sync(this.#selection, options), signal)
  }

  cancel = () => {
    this.#fetching.abort()
    this.isStopped = true
  }

  goOn = () => this.fetch(this.#limits)

  async follow(change: ManifestChange) {
    if (!this.device || !this.#selection) return
    const { signal } = this.#fetching
    const work = this.device.apply(change, this.#selection, this.#options(signal))
    await this.#settle(this.device, work, signal, true)
  }

  #options = (signal: AbortSignal) => ({ signal, ...(this.#limits && { limits: this.#limits }) })

  async #settle(device: Device, work: Promise<SyncOutcome>, signal: AbortSignal, isLive = false) {
    if (!isLive) this.isBusy = true
    const selection = this.#selection
    const wasOffline = session.isOffline
    try {
      const outcome = await work
      if (device !== this.device) return
      await this.#look(device)
      await tick()
      // A range that goes by what there is was not known yet: zeros would be of hits that are still to come.
      if (device !== this.device || (selection !== this.#selection && !this.#hasRows)) return
      const isFirst = !this.outcome
      this.outcome = outcome
      this.missing = outcome.missing
      this.error = null
      // Where the network went meanwhile, what was brought before says nothing of it.
      const hasGone = session.isOffline && !wasOffline && !navigator.onLine
      session.isOffline = outcome.state === 'offline' || hasGone
      if (outcome.state !== 'offline') this.syncedAt = Date.now()
      if (isLive && outcome.changed) pace.live(() => device.query.spent.ms)
      else if (outcome.changed || isFirst) pace.now()
      if (isFirst)
        import('#lib/engine/kept-engine.ts')
          .then(({ keepEngine }) => keepEngine(device.wasKept))
          .catch(() => {})
      this.#rolling.abort()
      const { signal: rolling } = (this.#rolling = new AbortController())
      // The panels are asked first.
      setTimeout(() => device.tidy(Date.now(), rolling).catch(() => {}), 1_000)
    } catch (error) {
      if (device === this.device && selection && (this.isStopped || !signal.aborted))
        this.missing = device.missing(selection)
      if (!signal.aborted) this.#fail(error)
    }
    if (!isLive && (!signal.aborted || this.#fetching.signal === signal)) {
      this.isBusy = false
      this.progress = null
    }
  }

  async #look(device: Device) {
    this.holding = await device.holding()
    this.#hasRows = this.holding.rows > 0
    const parts = device.manifest?.parts ?? []
    view.now = Date.now()
    if (!parts.length) return
    const from = Math.min(...parts.map(({ min_time }) => min_time))
    const to = Math.max(...parts.map(({ max_time }) => max_time))
    if (view.held?.from !== from || view.held.to !== to) view.held = { from, to }
  }

  #report = (progress: Progress) => {
    this.progress = progress
    if (progress.step === 'load' && progress.done) this.#hasRows = pace.filling() || this.#hasRows
  }

  /** That there is no network is a failure only where nothing is here. */
  #fail(error: unknown) {
    if (!session.meets(error) || (session.isOffline && !this.isReady)) this.error = asError(error)
  }
}

/** The shell is on screen before the engine takes the network and the processor; a hidden tab paints nothing. */
const painted = () =>
  new Promise<void>((done) => {
    requestAnimationFrame(() => setTimeout(done))
    setTimeout(done, 2_000)
  })

export const sync = new Sync()

const isWithinHeld = ({ from, to }: Period) => view.held !== null && from >= view.held.from - (to - from) / 20
