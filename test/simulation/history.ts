import type { HitBuffer } from '../../workers/store/hit-buffer.ts'
import { deliver } from '../../workers/ingest/deliver.ts'
import type { Enrich } from '../../workers/store/flush.ts'
import type { Storage, Surroundings } from '../../workers/store/storage.ts'
import { partKey } from '../../workers/store/keys.ts'
import { Forwarder, type Manner } from './forwarder.ts'
import { enter } from './globals.ts'
import { Illness } from './illness.ts'
import { Intake } from './intake.ts'
import { Ledger, type Order } from './ledger.ts'
import type { Create } from './instance.ts'
import { Machine } from './machine.ts'
import { Random } from './random.ts'
import { Device, Library, readSlowly, site, type Row } from './reader.ts'
import { Schedule } from './schedule.ts'
import { Weather } from './weather.ts'
import type { World } from './world.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** A reader may hold a manifest for a day, by a clock that may be two hours off. */
const patience = 21 * hour

/** Storage that is put back by less is not noticed unless a reader has seen more. */
const unnoticed = 5 * minute

/** What came of one seed. */
export interface Verdict {
  seed: number
  /** The first promise that was broken; null when all were kept. */
  violation: string | null
  /** How many lines were acknowledged. */
  lines: number
  /** How often the object ended. */
  restarts: number
}

/** Lives through one history: days of traffic and faults, then rest, and the judgement. */
export async function live(
  seed: number,
  creates: readonly Create[],
  tell?: (line: string) => void
): Promise<Verdict> {
  const history = new History(seed, creates, tell)
  return history.run()
}

/** Lets the isolate find that there is no geo index, once, so that no history differs from its replay. */
export async function warm(createEnrich: (env: Env, around: Surroundings) => Enrich): Promise<void> {
  const none = { PARTS: { get: async () => null }, ASSETS: { fetch: async () => ({ ok: false }) } }
  const storage: Storage = { sql: () => [], transaction: (work) => work() }
  await createEnrich(none as unknown as Env, { site, storage, now: () => 0 } as Surroundings)([])
}

class History {
  readonly #seed: number
  readonly #random: Random
  readonly #world: World
  readonly #ledger = new Ledger()
  readonly #machine: Machine
  readonly #library: Library
  readonly #forwarders: Forwarder[]
  readonly #illness: Illness
  #device: Device
  readonly #end: number
  #violation: string | null = null

  constructor(seed: number, creates: readonly Create[], tell?: (line: string) => void) {
    this.#seed = seed
    const random = (this.#random = new Random(seed))
    const start = Date.parse('2026-11-19T00:00:00Z') + random.between(0, day)
    const schedule = new Schedule(start, random)
    this.#world = {
      schedule,
      random,
      weather: new Weather(random),
      skew: 0,
      boot: 'boot',
      tell: tell ? (line) => tell(`${new Date(schedule.now).toISOString()} ${line}`) : () => {},
      violate: (message) => {
        this.#world.tell(`BROKEN: ${message}`)
        this.#violation ??= message
      }
    }
    enter(this.#world)
    this.#end = start + random.spread(6 * hour, 3 * day)
    this.#machine = new Machine(this.#world, creates)
    // One machine has one clock.
    if (this.#machine.isEmbedded) this.#world.weather.spare('skew')
    this.#library = new Library(this.#world, this.#machine, this.#ledger)
    this.#device = new Device(this.#world, this.#library)
    const intake = new Intake(seed)
    this.#illness = new Illness(seed)
    const manners: Manner[] = ['keys', 'ids', 'neither']
    this.#forwarders = Array.from({ length: random.between(1, 3) }, (_, i) => {
      const env = this.#workerEnv()
      return new Forwarder(
        this.#world,
        this.#ledger,
        intake,
        (batch) => deliver(env, site, batch),
        random.pick(manners),
        `forwarder ${i}`
      )
    })
  }

  async run(): Promise<Verdict> {
    try {
      for (const step of [this.#live, this.#rest, this.#judge]) {
        if (this.#violation === null) await step.call(this)
      }
    } catch (error) {
      this.#world.violate(error instanceof Error && error.stack ? error.stack : String(error))
    }
    return {
      seed: this.#seed,
      violation: this.#violation,
      lines: this.#ledger.lines.filter(({ acknowledged }) => acknowledged !== null).length,
      restarts: this.#machine.restarts
    }
  }

  /** Traffic comes in bursts; readers, operators and the weather do as they like. */
  async #live(): Promise<void> {
    const { schedule } = this.#world
    const random = this.#random
    const bursts = random.between(1, 3)
    for (let i = 0; i < bursts; i++) schedule.at(random.between(schedule.now, this.#end), () => this.#burst())
    const visits = random.between(1, 3)
    for (let i = 0; i < visits; i++)
      schedule.at(random.between(schedule.now, this.#end), () => this.#start(this.#visit()))
    if (this.#machine.isEmbedded) this.#fear()
    else if (random.chance(0.1))
      schedule.at(random.between(schedule.now, this.#end), () => this.#start(this.#recover()))
    await schedule.runTo(this.#end)
  }

  /** Storage goes back to what it was within a day; what came between is lost by order, and nothing else. */
  async #recover(): Promise<void> {
    const { schedule, random, tell } = this.#world
    while (!this.#machine.disk.isDurable) await schedule.wait(5)
    // A site that has nothing yet looks for nothing.
    if (this.#library.versions.size < 2) return
    const [to, saved] = [schedule.now, this.#machine.disk.save()]
    random.pick(this.#forwarders).take(random.between(1, 5))
    await schedule.wait(Math.min(random.spread(minute, 20 * hour), this.#end - to - 1))
    if (random.chance(0.5)) await this.#device.sync()
    tell(`storage goes back to ${new Date(to).toISOString()}`)
    this.#ledger.restored = { to, at: schedule.now }
    this.#machine.restore(saved)
    // So little is not noticed: a device that knew of it has to begin anew.
    if (schedule.now - to < unnoticed) this.#device = new Device(this.#world, this.#library)
    // Versions come a second time before anybody asks.
    for (let i = random.between(0, 3); i > 0 && schedule.now < this.#end; i--) {
      random.pick(this.#forwarders).take(random.between(1, 5))
      await schedule.wait(random.spread(minute, 10 * minute))
    }
  }

  /** The power fails a few times, mostly soon after something was committed. */
  #fear(): void {
    const { schedule, random } = this.#world
    const { oncommit } = this.#machine
    let cuts = random.between(1, 4)
    this.#machine.oncommit = (version) => {
      oncommit(version)
      if (schedule.now >= this.#end || !random.chance(0.4) || cuts-- <= 0) return
      schedule.at(Math.min(schedule.now + random.spread(100, 10 * minute), this.#end), () => this.#cut())
    }
  }

  /** The power fails, and with it what the disk was not done with. */
  #cut(): void {
    const { schedule, random } = this.#world
    const off = random.spread(1_000, random.chance(0.2) ? 30 * hour : 10 * minute)
    this.#ledger.cut = Math.min(schedule.now + off, this.#end)
    this.#machine.cut(this.#ledger.cut - schedule.now)
    // It comes back, and fails again before the disk has settled.
    if (this.#ledger.cut < this.#end && random.chance(0.3))
      schedule.at(Math.min(this.#ledger.cut + random.spread(1_000, 10 * minute), this.#end), () =>
        this.#cut()
      )
  }

  /** Whatever fails in what was started breaks the history. */
  #start(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.#world.violate(String(error instanceof Error ? error.stack : error)))
  }

  #burst(): void {
    const { schedule } = this.#world
    const random = this.#random
    const length = random.spread(minute, 20 * minute)
    const batches = random.between(1, 6)
    const during = (most: number) => schedule.now + random.between(0, most)
    for (let i = 0; i < batches; i++)
      schedule.at(during(length), () => random.pick(this.#forwarders).take(random.between(1, 15)))
    if (random.chance(0.15)) schedule.at(schedule.now + random.between(0, length), () => this.#loseBucket())
    if (random.chance(0.4)) this.#start(this.#watch(length))
    if (random.chance(0.4)) schedule.at(during(length), () => this.#start(this.#operate()))
  }

  #loseBucket(): void {
    const { schedule, weather, tell } = this.#world
    weather.awayUntil = schedule.now + this.#random.spread(minute, 6 * hour)
    weather.isReadable = this.#random.chance(0.5)
    tell(`the bucket is away until ${new Date(weather.awayUntil).toISOString()}`)
  }

  async #watch(length: number): Promise<void> {
    const { schedule } = this.#world
    const until = schedule.now + length / 2
    while (schedule.now < until) {
      await this.#device.watch()
      await this.#device.sync()
      await schedule.wait(this.#random.spread(1_000, length / 2))
      await this.#device.sync()
      this.#device.leave()
    }
  }

  async #visit(): Promise<void> {
    await (this.#random.chance(0.5) ? this.#device.sync() : readSlowly(this.#world, this.#library, patience))
  }

  /** What an operator, or a deploy, does now and then. */
  async #operate(): Promise<void> {
    const { schedule } = this.#world
    const random = this.#random
    const works = [
      () => this.#erase(),
      () => this.#erase(),
      () => this.#retain(),
      () => this.#machine.restart('deploy'),
      () => this.#library.call('fsck', (object) => object.fsck(true)),
      () => this.#library.call('status', (object) => object.status())
    ]
    await random.pick(works)()
    if (random.chance(0.5)) {
      await schedule.wait(random.spread(100, hour))
      await this.#library.call('fsck', (object) => object.fsck(true))
    }
  }

  async #erase(): Promise<void> {
    const { schedule } = this.#world
    const { lines } = this.#ledger
    if (!lines.length) return
    if (this.#random.chance(0.2)) this.#loseBucket()
    // The newest are mostly in the log, where an erasure has to wait for them.
    const line = this.#random.pick(this.#random.chance(0.5) ? lines.slice(-10) : lines)
    const by = this.#random.pick(['ip', 'path'] as const)
    const value = line.hit[by]!
    const order: Order = { by, value, from: schedule.now, to: Infinity }
    this.#ledger.orders.push(order)
    this.#world.tell(`erase ${by} ${value}`)
    // Nobody can find in a part what is read wrong.
    this.#world.weather.spare('misread')
    await this.#library.call('erase', (object) => object.erase({ by, value }))
    order.to = schedule.now
  }

  async #retain(): Promise<void> {
    const days = this.#random.between(1, 3)
    this.#ledger.retention = Math.min(this.#ledger.retention ?? Infinity, days)
    this.#world.tell(`retain ${days} days`)
    await this.#library.call('retain', (object) => object.retain(days))
  }

  /** Faults end. What waits drains by itself, and what nobody needs is deleted. */
  async #rest(): Promise<void> {
    const { schedule, weather } = this.#world
    weather.clear()
    this.#illness.end()
    this.#world.skew = 0
    this.#machine.replan()
    await schedule.runTo(schedule.now + 5 * hour)
    // Somebody looks: an alarm that the platform lost is set anew by whoever reads.
    await this.#now(this.#library.call('status', (object) => object.status()))
    if (this.#random.chance(0.3)) await this.#outlast()
    await schedule.runTo(schedule.now + 3 * hour)
    this.#mustBeDrained()
    await schedule.runTo(schedule.now + 17 * day)
  }

  /** The bucket is away for hours, and nobody asks for anything. */
  async #outlast(): Promise<void> {
    const { schedule } = this.#world
    for (const forwarder of this.#forwarders) forwarder.take(3)
    await schedule.runTo(schedule.now + 30_000)
    this.#loseBucket()
    await schedule.runTo(this.#world.weather.awayUntil)
  }

  #mustBeDrained(): void {
    const [row] = this.#machine.disk.exec(
      `select count(*) as rows from log where position >= coalesce((select value from state where name = 'flushed'), 0)`
    )
    if (row?.rows)
      this.#world.violate(`${Number(row.rows)} rows of the log are not flushed in hours of fair weather`)
  }

  /** Runs until a promise is kept. */
  async #now<T>(promise: Promise<T>): Promise<T> {
    const { schedule } = this.#world
    let result: { value: T } | undefined
    this.#start(promise.then((value) => (result = { value })))
    for (let i = 0; i < 100 && !result; i++) await schedule.runTo(schedule.now + minute)
    if (!result) throw new Error('a call is not answered within 100 minutes of fair weather')
    return result.value
  }

  async #judge(): Promise<void> {
    const { violate, schedule } = this.#world
    for (const forwarder of this.#forwarders)
      if (!forwarder.isDone) violate('a forwarder is not rid of its lines')
    const { parts } = await this.#now(this.#library.manifest())
    const { objects } = this.#machine.bucket
    const rows: Row[] = []
    for (const part of parts) {
      const object = objects.get(partKey(site, part))
      if (!object) return violate(`part ${part.id} is missing`)
      rows.push(...(await this.#library.rows(part, object.bytes)))
    }
    this.#count(rows, schedule.now)
    const keys = new Set(parts.map((part) => partKey(site, part)))
    for (const key of objects.keys()) if (!keys.has(key)) violate(`object ${key} belongs to nobody`)
    await this.#now(this.#device.sync(true))
    const { findings } = await this.#now(this.#library.call('fsck', (object) => object.fsck(false)))
    for (const { message } of findings) violate(`fsck: ${message}`)
  }

  #count(rows: Row[], now: number): void {
    const found = new Map<number, number>()
    for (const { number } of rows) found.set(number, (found.get(number) ?? 0) + 1)
    for (const line of this.#ledger.lines) {
      const { least, most } = this.#ledger.due(line, now)
      const times = found.get(line.number) ?? 0
      if (times < least) this.#world.violate(`line ${line.number} is lost`)
      if (times > most) this.#world.violate(`line ${line.number} is there ${times} times, not ${most}`)
    }
  }

  #workerEnv(): Env {
    const append = async (...args: Parameters<HitBuffer['append']>) => {
      const error = this.#illness.errorAt(this.#world.schedule.now)
      if (error !== null) throw error
      return this.#machine.call('append', (object) => object.append(...args))
    }
    const namespace = { idFromName: () => null, get: () => ({ append }) }
    return { HIT_BUFFER: namespace } as unknown as Env
  }
}
