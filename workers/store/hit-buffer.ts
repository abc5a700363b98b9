import type { Watched } from '#lib/alert/watched.ts'
import { DurableObject } from 'cloudflare:workers'
import type { GlanceDays, SiteGlance } from '#lib/schema/glance.ts'
import type { Manifest, Part } from '#lib/schema/manifest.ts'
import type { Checked, ErasureCount, Quarantined, Reason, Status } from '#lib/schema/status.ts'
import { inTime } from '../in-time.ts'
import { BackOff } from './back-off.ts'
import { createEnrich } from './enrichment.ts'
import { noticeRestore } from './epoch.ts'
import { countErasure, requestErasure, type Erasure } from './erase.ts'
import type { Enrich } from './flush.ts'
import { fsck } from './fsck.ts'
import { glance } from './glance.ts'
import { append, hostsOf, refuseWhenFull, type Batch, type Outcome } from './log.ts'
import { findPart, readManifest } from './manifest.ts'
import { migrate } from './migrate.ts'
import { keepOperations, Meter } from './operations.ts'
import { randomName, storageOf, surroundingsOf } from './platform.ts'
import {
  countReasons,
  findQuarantined,
  forgetQuarantined,
  readQuarantine,
  reclaim,
  release
} from './quarantine.ts'
import schema from './schema.sql'
import { SeenLines } from './seen-lines.ts'
import { putBack } from './set-aside.ts'
import { forgetState, readState, writeState } from './state.ts'
import { readStatus } from './status.ts'
import type { Surroundings } from './storage.ts'
import { countsAtOnce, forgetCounts, readCounts, Tally, type Counting } from './tally.ts'
import { inTurn } from './turn.ts'
import { unflushed } from './unflushed.ts'
import { Watchers } from './watchers.ts'
import { nextFlush, nextWork, work, type Pace, type Watch } from './work.ts'
import { Displaced, fence } from './writer.ts'

/** An alarm so long past was lost: the runtime gives up after six tries and never rings it again. */
const lostAfter = 300_000
/** Calls that may go uncounted when the object is moved between two alarms. */
const keptEvery = 100
/** So long a displaced object leaves the storage to the other one, which flushes meanwhile; then it takes it back. */
const rest = 20_000
/** How long the watcher may take to answer. */
const patience = 30_000

/** The log and the manifest of one site. A shell: what happens is in the files beside it, when is in `schedule.ts`. */
export class HitBuffer extends DurableObject<Env> {
  readonly #meter = new Meter()
  readonly #watchers: Watchers
  readonly #around: Surroundings
  readonly #enrich: Enrich
  readonly #seen: SeenLines
  readonly #backOff: BackOff
  #alarm: number | null = null
  #doubted = -Infinity
  #isWorking = false
  /** When another object was found to be the writer, by `performance.now()`. */
  #displaced: number | null = null
  /** Null while no rule is watched: then nothing is counted, kept or handed over. */
  #tally: Tally | null = null
  #isHandingOver = false
  readonly #pace: Pace = { flushed: -Infinity }

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#watchers = new Watchers(ctx)
    const storage = storageOf(ctx, this.#meter)
    const fenced = fence(storage, {
      name: randomName,
      onTake: () => (this.#alarm = null),
      onDisplaced: () => this.#makeRoom()
    })
    this.#around = surroundingsOf(fenced, env, this.#meter)
    this.#seen = new SeenLines(fenced)
    this.#backOff = new BackOff(fenced)
    void ctx.blockConcurrencyWhile(async () => {
      migrate(storage, schema)
      this.#backOff.load()
      this.#tally = Tally.of(storage)
      this.#alarm = await ctx.storage.getAlarm()
      await this.#arm(this.#next())
      // The object before this one may have ended before it gave them away.
      if (this.#tally && readCounts(storage).length) await this.#arm(Date.now() + rest)
    })
    this.#enrich = createEnrich(env, this.#around)
  }

  /** Takes a batch. The answer leaves only when it is durable: the output gate waits for the write. */
  async append(site: string, batch: Batch): Promise<Outcome & { known: boolean }> {
    const began = Date.now()
    if (readState(this.#around.storage, 'site') === null) writeState(this.#around.storage, 'site', site)
    refuseWhenFull(this.#around.storage)
    const outcome = append(this.#around.storage, batch, this.#seen)
    await this.#arm(this.#flushTime())
    this.#count('request', Date.now() - began)
    return outcome
  }

  /** The version of the list of hosts by which a batch came here. */
  hostsOf(key: string): number | null {
    this.#count('request')
    return hostsOf(this.#around.storage, key)
  }

  /** `seen` is the version that the reader knows. */
  async manifest(site: string, seen = 0): Promise<Manifest> {
    this.#count('request')
    this.#watch()
    if (seen > (readState(this.#around.storage, 'version') ?? 0)) await this.#doubt()
    return readManifest(this.#around.storage, site)
  }

  /** A reader may say what it likes: the bucket decides, and is asked once a minute. */
  async #doubt(): Promise<void> {
    if (Date.now() < this.#doubted + 60_000) return
    this.#doubted = Date.now()
    try {
      await noticeRestore({ ...this.#around, site: this.#around.site }, true)
    } catch (error) {
      this.#complain('doubt', error)
    }
  }

  part(id: string): Part | null {
    this.#count('request')
    // Whoever asks fetches it from the bucket next.
    this.#meter.add('object_read')
    this.#watch()
    return findPart(this.#around.storage, id)
  }

  status(): Status {
    this.#count('request')
    this.#watch()
    const { storage, now } = this.#around
    const status = readStatus(storage, this.#meter, now(), this.ctx.storage.sql.databaseSize)
    return this.#tally ? { ...status, watched: this.#tally.rules } : status
  }

  /** Counts today and yesterday for the card of the site. */
  async glance(days: GlanceDays): Promise<SiteGlance> {
    this.#count('request')
    this.#watch()
    return glance({ ...this.#around, site: this.#around.site }, days)
  }

  /** Refused records, newest first; `before` is the id of the last one seen, `reason` the one that is looked for. */
  quarantine(limit: number, before?: number, reason?: string): Quarantined[] {
    this.#count('request')
    return readQuarantine(this.#around.storage, limit, before, reason)
  }

  reasons(): Reason[] {
    this.#count('request')
    return countReasons(this.#around.storage)
  }

  /** Some refused records, for another try. */
  quarantined(ids: number[]): Quarantined[] {
    this.#count('request')
    return findQuarantined(this.#around.storage, ids)
  }

  /** Takes records out of quarantine that were appended after all, here or to another site. */
  release(ids: number[]): void {
    this.#count('request')
    release(this.#around.storage, ids)
  }

  /** Takes the refused records of a batch out of quarantine to read it again; false if one was accepted meanwhile. */
  reclaim(key: string): boolean {
    this.#count('request')
    return this.#around.storage.transaction(() => reclaim(this.#around.storage, key))
  }

  /** Forgets refused records up to one of them, of a reason or of all; returns how many. */
  forget(last: number, reason: string | null): number {
    this.#count('request')
    return forgetQuarantined(this.#around.storage, last, reason)
  }

  /** Puts rows of the log that were set aside back into it; returns the ids of those that were there. */
  async putBack(ids: number[]): Promise<number[]> {
    this.#count('request')
    const back = putBack(this.#around.storage, ids, Date.now())
    await this.#arm(this.#flushTime())
    return back
  }

  /** Keeps hits for so many days from now on; null for ever. */
  async retain(days: number | null): Promise<void> {
    const { storage } = this.#around
    if (days === null) forgetState(storage, 'retention_days')
    else writeState(storage, 'retention_days', days)
    await this.#arm(this.#next())
  }

  /** Counts for these rules from now on, null for none; says whether it has counted before. */
  watch(watched: Watched | null): boolean {
    this.#count('request')
    const { storage } = this.#around
    const wasWatched = this.#tally !== null
    storage.transaction(() => {
      if (watched === null) forgetState(storage, 'watched')
      else writeState(storage, 'watched', JSON.stringify(watched))
      storage.sql('delete from tally')
    })
    this.#tally = watched && new Tally(watched)
    return wasWatched
  }

  /** What was counted and the watcher may not have; `taken` are those that it has by now. */
  counts(taken: string[]): Counting {
    this.#count('request')
    forgetCounts(this.#around.storage, taken)
    return this.#counting()
  }

  #counting(): Counting {
    const { storage, now } = this.#around
    const counts = readCounts(storage)
    // All counts are there only if none is left out.
    return { counts, until: counts.length < countsAtOnce ? (unflushed(storage).oldest ?? now()) : null }
  }

  /** Gives counts to the watcher. What fails is given again by the next alarm. */
  async #handOver(): Promise<void> {
    if (!this.#tally || this.#isHandingOver) return
    this.#isHandingOver = true
    try {
      const { site } = this.#around
      const watcher = this.env.WATCHER.get(this.env.WATCHER.idFromName(site))
      for (let more = true; more;) {
        const counting = this.#counting()
        if (!counting.counts.length) break
        await inTime(patience, watcher.take(counting), () => new Error('the watcher does not answer'))
        forgetCounts(
          this.#around.storage,
          counting.counts.map(({ id }) => id)
        )
        more = counting.until === null
      }
    } catch (error) {
      this.#complain('watch', error)
      await this.#arm(Date.now() + 2 * patience)
    } finally {
      this.#isHandingOver = false
    }
  }

  /** Holds the manifest against the bucket; `repair` deletes objects that nobody can need. */
  async fsck(repair: boolean): Promise<Checked> {
    return fsck({ ...this.#around, site: this.#around.site }, repair)
  }

  /** Counts the hits that an order to erase would delete, some days at a time. */
  async countErasure(erasure: Erasure, from: string): Promise<ErasureCount> {
    this.#count('request')
    return countErasure({ ...this.#around, site: this.#around.site }, erasure, from)
  }

  /** Takes an order to erase; the alarm carries it out. */
  async erase(erasure: Erasure): Promise<void> {
    requestErasure(this.#around.storage, erasure, Date.now())
    await this.#arm(Date.now())
  }

  /** The live socket: a watcher is told each version as it is committed, and is flushed for within 2 s, mostly at once. */
  override async fetch(): Promise<Response> {
    const { 0: client, 1: server } = new WebSocketPair()
    this.#watchers.add(server, Date.now())
    await this.#arm(this.#flushTime())
    return new Response(null, { status: 101, webSocket: client })
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    // 1005 and 1006 stand for "no code" and may not be sent.
    socket.close(code === 1005 || code === 1006 ? 1000 : code)
  }

  /**
   * Throws only if the next alarm cannot be set, so that the runtime tries again. It gives a failing alarm up after six
   * tries; then the next call sets one.
   */
  override async alarm(): Promise<void> {
    this.#alarm = null
    this.#isWorking = true
    const began = Date.now()
    try {
      await inTurn((renew) => this.#work(renew))
      this.#backOff.end()
    } catch (error) {
      this.#complain('alarm', error)
      if (!(error instanceof Displaced)) this.#try('back-off', () => this.#backOff.fail(Date.now()))
    } finally {
      this.#isWorking = false
      this.#count('alarm', Date.now() - began)
      this.#keep()
      // A batch that came meanwhile did not know how this ends.
      this.#alarm = null
      await (this.#displaced === null ? this.#arm(this.#next()) : this.#leave())
    }
    // The alarm does not wait for it: the next flush must not.
    void this.#handOver().catch(() => {})
  }

  /** The other object sets the alarm. It may have died before it could: then this one rings again, and ends. */
  async #leave(): Promise<void> {
    if ((await this.ctx.storage.getAlarm()) === null) await this.#arm(Date.now() + rest)
  }

  /** Ends this object after a rest, so that the next call starts one that remembers nothing. */
  #makeRoom(): void {
    this.#displaced ??= performance.now()
    if (performance.now() >= this.#displaced + rest) this.ctx.abort('this object was displaced')
  }

  #work(renew: () => void): Promise<void> {
    const around = { ...this.#around, site: this.#around.site, pause: () => (renew(), scheduler.wait(1)) }
    return work(around, this.#enrich, {
      ...this.#watching,
      tally: this.#tally,
      tell: (change) => this.#watchers.tell(change)
    })
  }

  /** What is billed: a call, and the time in which the object was busy with it. */
  #count(call: 'request' | 'alarm', ms = 0): void {
    this.#meter.add(call)
    this.#meter.add('active_ms', ms)
    if ((this.#meter.counts.get('request') ?? 0) >= keptEvery) this.#keep()
  }

  /** A full disk may refuse it: no call and no alarm fails for the bill's sake. */
  #keep(): void {
    this.#try('meter', () => keepOperations(this.#around.storage, this.#meter, this.#around.now()))
  }

  #try(step: string, work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#complain(step, error)
    }
  }

  #complain(step: string, error: unknown): void {
    console.error(JSON.stringify({ site: this.#around.site, step, error: String(error) }))
  }

  #flushTime(): number {
    return nextFlush(this.#around, this.#watching, this.#backOff.next(Date.now()))
  }

  #next(): number {
    const retry = this.#backOff.next(Date.now())
    return retry === null ? nextWork(this.#around, this.#watching) : Math.min(retry, this.#flushTime())
  }

  get #isLost(): boolean {
    return this.#alarm === null ? !this.#isWorking : this.#alarm < Date.now() - lostAfter
  }

  /** Whoever reads sees to it that the alarm is alive, and that what another object took is flushed. */
  #watch(): void {
    this.#arm(this.#isLost ? this.#next() : this.#flushTime()).catch(() => {})
  }

  /** Sets the alarm, unless it rings before anyway. */
  async #arm(time: number): Promise<void> {
    if (time === Infinity || (this.#alarm !== null && this.#alarm <= time && !this.#isLost)) return
    this.#alarm = time
    try {
      await this.ctx.storage.setAlarm(time)
    } catch (error) {
      // Nothing rings at the time that was not set: the next call sets it.
      this.#alarm = null
      throw error
    }
  }

  get #watching(): Pick<Watch, 'isWatched' | 'pace'> {
    return { isWatched: this.#watchers.areThere(Date.now()), pace: this.#pace }
  }
}
