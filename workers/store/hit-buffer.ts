import { DurableObject } from 'cloudflare:workers'
import type { Manifest, ManifestChange, Part } from '#lib/schema/manifest.ts'
import { compact } from './compaction.ts'
import { nextFinish, planCompactions } from './compaction-plan.ts'
import { createEnrich } from './enrichment.ts'
import { flush, type Enrich } from './flush.ts'
import { append, forgetBatches, unflushed, type Batch, type Outcome } from './log.ts'
import { candidates, findPart, readManifest } from './manifest.ts'
import { migrate } from './migrate.ts'
import { boundQuarantine, readQuarantine, type Quarantined } from './quarantine.ts'
import { forgetSalts } from './salts.ts'
import { flushTime, retryDelay } from './schedule.ts'
import schema from './schema.sql'
import { forgetLines, SeenLines } from './seen-lines.ts'
import { readState, writeState } from './state.ts'
import { readStatus, type Status } from './status.ts'
import type { Bucket, SqlValue, Storage, Surroundings } from './storage.ts'
import { inTurn } from './turn.ts'

/** Flushes in one alarm, so that a backlog does not keep compaction waiting. */
const flushesInTurn = 16

/** The log and the manifest of one site. A shell: what happens is in the files beside it, when is in `schedule.ts`. */
export class HitBuffer extends DurableObject<Env> {
  readonly #around: Surroundings
  readonly #enrich: Enrich
  readonly #seen: SeenLines
  #alarm: number | null = null
  #failures = 0

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#around = surroundingsOf(ctx, env)
    this.#seen = new SeenLines(this.#around.storage)
    void ctx.blockConcurrencyWhile(async () => {
      migrate(this.#around.storage, schema)
      this.#alarm = await ctx.storage.getAlarm()
      await this.#arm(this.#next())
    })
    this.#enrich = createEnrich(env, this.#around)
  }

  /** Takes a batch. The answer leaves only when it is durable: the output gate waits for the write. */
  async append(site: string, batch: Batch): Promise<Outcome & { known: boolean }> {
    if (readState(this.#around.storage, 'site') === null) writeState(this.#around.storage, 'site', site)
    const outcome = append(this.#around.storage, batch, this.#seen)
    await this.#arm(this.#flushTime())
    return outcome
  }

  manifest(site: string): Manifest {
    return readManifest(this.#around.storage, site)
  }

  part(id: string): Part | null {
    return findPart(this.#around.storage, id)
  }

  status(): Status {
    return readStatus(this.#around.storage)
  }

  quarantine(limit: number): Quarantined[] {
    return readQuarantine(this.#around.storage, limit)
  }

  /** The live socket: a watcher is told each version as it is committed, and is flushed for within 2 s. */
  override async fetch(): Promise<Response> {
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server)
    await this.#arm(this.#flushTime())
    return new Response(null, { status: 101, webSocket: client })
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    if (message === 'ping') socket.send('pong')
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    // 1005 and 1006 stand for "no code" and may not be sent.
    socket.close(code === 1005 || code === 1006 ? 1000 : code)
  }

  /** Never throws: the runtime gives a failing alarm up after six tries, and its data would wait for ever. */
  override async alarm(): Promise<void> {
    this.#alarm = null
    try {
      await inTurn((renew) => this.#work(renew))
      this.#failures = 0
    } catch (error) {
      this.#failures++
      console.error(JSON.stringify({ site: this.#around.site, step: 'alarm', error: String(error) }))
    } finally {
      await this.#arm(this.#failures ? Date.now() + retryDelay(this.#failures) : this.#next())
    }
  }

  /** What is due now: flushes first, then one compaction, then forgetting. */
  async #work(renew: () => void): Promise<void> {
    const { storage } = this.#around
    const around = { ...this.#around, site: this.#around.site, pause: () => (renew(), scheduler.wait(1)) }
    for (let flushes = 0; flushes < flushesInTurn && this.#flushTime() <= Date.now(); flushes++) {
      const change = await flush(around, this.#enrich)
      this.#tell(change)
      if (!change) break
    }
    const [compaction] = this.#plan()
    if (compaction) this.#tell(await compact(around, compaction))
    boundQuarantine(storage, Date.now())
    forgetBatches(storage, Date.now())
    forgetLines(storage, Date.now())
    forgetSalts(storage, Date.now())
  }

  #plan() {
    return planCompactions(candidates(this.#around.storage), Date.now(), this.#isWatched ? 32 : 8)
  }

  #flushTime(): number {
    return flushTime(unflushed(this.#around.storage), this.#isWatched, Date.now()) ?? Infinity
  }

  /** When there is something to do again. */
  #next(): number {
    const now = Date.now()
    const finish = nextFinish(candidates(this.#around.storage), now) ?? Infinity
    return Math.min(this.#flushTime(), this.#plan().length ? now : Infinity, finish)
  }

  /** Sets the alarm, unless it rings before anyway. One long past was lost: the runtime never rings it. */
  async #arm(time: number): Promise<void> {
    const isLost = this.#alarm !== null && this.#alarm < Date.now() - 300_000
    if (time === Infinity || (this.#alarm !== null && this.#alarm <= time && !isLost)) return
    this.#alarm = time
    await this.ctx.storage.setAlarm(time)
  }

  #tell(change: ManifestChange | null): void {
    if (change) for (const socket of this.ctx.getWebSockets()) socket.send(JSON.stringify(change))
  }

  get #isWatched(): boolean {
    return this.ctx.getWebSockets().length > 0
  }
}

function surroundingsOf(ctx: DurableObjectState, env: Env): Surroundings {
  const storage = storageOf(ctx)
  return {
    get site() {
      return readState(storage, 'site') ?? ''
    },
    storage,
    bucket: bucketOf(env.PARTS),
    now: () => Date.now(),
    name: randomName,
    pause: () => scheduler.wait(1)
  }
}

function storageOf(ctx: DurableObjectState): Storage {
  return {
    sql: <Row>(query: string, ...bindings: SqlValue[]) =>
      ctx.storage.sql.exec(query, ...bindings).toArray() as Row[],
    transaction: (work) => ctx.storage.transactionSync(work)
  }
}

function bucketOf(bucket: R2Bucket): Bucket {
  return {
    async put(key, bytes, sha256) {
      // R2 answers a failed precondition with null, not with an error.
      const stored = await bucket.put(key, bytes, { onlyIf: { etagDoesNotMatch: '*' }, sha256 })
      if (stored === null) throw new Error(`object ${key} is already in the bucket`)
    },
    async head(key) {
      const object = await bucket.head(key)
      return object && { bytes: object.size, sha256: object.checksums.toJSON().sha256 ?? null }
    },
    async get(key, range) {
      const part = range && { range: { offset: range.from, length: range.to - range.from } }
      const object = await bucket.get(key, part)
      return object && new Uint8Array(await object.arrayBuffer())
    },
    async list(prefix, cursor) {
      const page = await bucket.list({ prefix, cursor })
      const objects = page.objects.map(({ key, size, uploaded }) => ({
        key,
        bytes: size,
        uploaded: uploaded.getTime()
      }))
      return { objects, next: page.truncated ? page.cursor : null }
    },
    delete: (keys) => bucket.delete(keys)
  }
}

const letters = 'abcdefghijklmnopqrstuvwxyz012345'

/** 16 letters out of 32: 80 random bits. */
function randomName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => letters[byte & 31]).join('')
}
