import type { HitBuffer } from '../../workers/store/hit-buffer.ts'
import type { Storage } from '../../workers/store/storage.ts'
import { countUnflushed, unflushed } from '../../workers/store/unflushed.ts'
import { SimulatedBucket } from './bucket.ts'
import { Disk } from './disk.ts'
import { Instance, lost, type Create } from './instance.ts'
import { bootOf, inside, type World } from './world.ts'

/** After so many failures in a row the platform gives an alarm up. */
const mostRings = 6

const hour = 3_600_000
const servers = [0, 1]

/** The platform's side of one Durable Object: starts it, calls it, rings it. */
export class Machine {
  readonly world: World
  readonly disk = new Disk()
  readonly bucket: SimulatedBucket
  readonly #isEager: boolean
  /** Objects lie on a disk of the same machine, which forgets the last of them when the power fails. */
  readonly isEmbedded: boolean
  /** There is no power until then. */
  #offUntil = 0
  /** Told of each version of the manifest when it is durable. */
  oncommit: (version: number) => void = () => {}
  /** How each server makes the object: they share no memory. */
  readonly #creates: readonly Create[]
  /** The object on each server. */
  readonly #instances: (Instance | null)[] = servers.map(() => null)
  /** Until then there are two servers on this storage, and each has an object. */
  #splitUntil = 0
  restarts = 0
  #version = 0
  #generation = 0
  #ringing: number | null = null
  #scheduled: { generation: number; time: number } | null = null
  #lostAlarm: number | null = null
  #rings = 0

  constructor(world: World, creates: readonly Create[]) {
    this.world = world
    this.bucket = new SimulatedBucket(world)
    this.#isEager = world.random.chance(0.5)
    this.isEmbedded = world.random.chance(0.3)
    this.#creates = creates
  }

  /** Calls the object; the answer waits for the output gate. */
  async call<T>(name: string, work: (object: HitBuffer) => T | Promise<T>): Promise<T> {
    const { schedule, random, weather, tell } = this.world
    await schedule.wait(random.between(1, 10))
    if (schedule.now < this.#offUntil) throw lost('no power')
    if (weather.strikes('callLost')) {
      tell(`${name} does not reach the object`)
      throw lost('call lost')
    }
    const instance = await this.#running(this.#server())
    instance.strike()
    const answer = inside.run(instance, async () => work(instance.object))
    const result = await Promise.race([answer, instance.died])
    instance.strike()
    await Promise.race([instance.opened(), instance.died])
    if (weather.strikes('answerLost')) {
      tell(`the answer to ${name} is lost`)
      throw lost('answer lost')
    }
    await schedule.wait(random.between(1, 10))
    return result
  }

  /** Ends the running copies, if there are any. */
  restart(why: string): void {
    for (const instance of this.#instances) instance?.end(why)
  }

  /** Each write is durable at once, even if what follows is lost: nothing that two servers write waits for the other. */
  get isEager(): boolean {
    return this.#isEager || this.isSplit
  }

  get isSplit(): boolean {
    return this.world.schedule.now < this.#splitUntil
  }

  /** A second server starts, by a deploy or by mistake, and goes on for a while. */
  split(): void {
    const { schedule, random, tell } = this.world
    if (this.isSplit) return
    const until = schedule.now + random.spread(1_000, random.chance(0.2) ? 30 * 24 * hour : 2 * hour)
    this.#splitUntil = until
    tell(`there are two servers until ${new Date(until).toISOString()}`)
    schedule.at(until, () => this.#instances[1]?.end('its server ends'))
  }

  /** Which server is asked. */
  #server(): number {
    return this.isSplit ? this.world.random.pick(servers) : 0
  }

  /** The power has failed, and nobody has looked yet what it took. */
  get isShaken(): boolean {
    if (!this.isEmbedded || !this.#isMade) return false
    const boot = this.disk.exec(`select value from state where name = 'boot'`)[0]?.value
    return servers.every((server) => boot !== bootOf(this.world, server))
  }

  /** The power fails, for a while. */
  cut(ms: number): void {
    const { schedule, tell } = this.world
    tell(`power cut for ${ms} ms`)
    this.#offUntil = schedule.now + ms
    this.world.boot = `boot ${this.#offUntil}`
    this.restart('power cut')
    this.bucket.cut()
    this.replan()
  }

  /** Takes storage back to what it was, as recovery to a point in time does. */
  restore(saved: Uint8Array): void {
    this.restart('restored')
    this.disk.restore(saved)
    this.#version = 0
    this.#observe()
    this.replan()
  }

  /** Of a copy that is no longer the one. */
  left(instance: Instance): void {
    if (this.#instances[instance.server] === instance) this.#instances[instance.server] = null
    if (!this.disk.isInTransaction) this.forget()
  }

  /** What was not durable yet never was. */
  forget(): void {
    this.disk.rollback()
    this.replan()
  }

  /** As the object sees it: while it rings there is none, unless a new one was set. */
  get alarm(): number | null {
    const known = this.#stored()
    return known && known.generation !== this.#ringing ? known.time : null
  }

  setAlarm(time: number): void {
    this.#generation++
    this.disk.exec('delete from alarm')
    this.disk.exec('insert into alarm (time, generation) values (?, ?)', time, this.#generation)
  }

  get isFull(): boolean {
    const { schedule, random, weather, tell } = this.world
    if (schedule.now >= weather.fullUntil && weather.strikes('full')) {
      weather.fullUntil = schedule.now + random.spread(1_000, 3_600_000)
      tell('storage is full')
    }
    return schedule.now < weather.fullUntil
  }

  commit(): void {
    this.disk.commit()
    this.#observe()
    this.#mustAddUp()
    this.#plan()
  }

  /** The log knows how much of it waits, and each row of it says the same. */
  #mustAddUp(): void {
    if (!this.#isMade) return
    const storage = { sql: this.disk.exec.bind(this.disk) } as unknown as Storage
    const [known, counted] = [unflushed(storage), countUnflushed(storage)]
    if (known.rows === counted.rows && known.bytes === counted.bytes) return
    this.world.violate(`${counted.rows} hits are unflushed, and the log knows of ${known.rows}`)
  }

  #observe(): void {
    const [state] = this.#isMade ? this.disk.exec(`select value from state where name = 'version'`) : []
    const version = (state?.value as number | undefined) ?? 0
    if (version > this.#version) this.oncommit(version)
    this.#version = version
  }

  get #isMade(): boolean {
    return this.#version > 0 || this.disk.exec(`select 1 from sqlite_schema where name = 'state'`).length > 0
  }

  #stored(): { time: number; generation: number } | undefined {
    return this.disk.exec('select time, generation from alarm')[0] as never
  }

  async #running(server: number): Promise<Instance> {
    const { schedule, random, tell } = this.world
    for (;;) {
      let instance = this.#instances[server]
      if (!instance) {
        this.#move()
        const name = `object ${++this.restarts}${server ? ' on the second server' : ''}`
        this.#instances[server] = instance = new Instance(this, name, server, this.#creates[server]!)
        tell(`${name}: starts`)
      }
      try {
        await Promise.race([instance.ready, instance.died])
        return instance
      } catch {
        this.left(instance)
        await schedule.wait(random.between(10, 500))
      }
    }
  }

  /** A new copy may start on another machine, whose clock differs: mostly it is behind. */
  #move(): void {
    const { random, weather, tell } = this.world
    if (!weather.strikes('skew')) return
    this.world.skew = random.chance(0.8) ? -random.spread(1_000, 7_200_000) : random.spread(1_000, 600_000)
    tell(`the clock is ${this.world.skew} ms off`)
    this.replan()
  }

  /** Sees to it that the alarm rings when it is due by the platform's clock. */
  #plan(): void {
    const known = this.#stored()
    if (!known || known.generation === this.#lostAlarm || known.generation === this.#ringing) return
    const time = known.time - this.world.skew
    if (this.#scheduled?.generation === known.generation && this.#scheduled.time === time) return
    this.#scheduled = { generation: known.generation, time }
    this.#ringAt(Math.max(time, this.#offUntil) + this.world.random.between(0, 20), known.generation)
  }

  /** The clock has jumped: what was due by it is due at another time. */
  replan(): void {
    this.#scheduled = null
    this.#plan()
  }

  #ringAt(time: number, generation: number): void {
    this.world.schedule.at(time, () => {
      const known = this.#stored()
      if (this.world.schedule.now < this.#offUntil) return this.#ringAt(this.#offUntil, generation)
      if (known?.generation !== generation || this.#ringing !== null || this.#lostAlarm === generation) return
      if (known.time > this.world.schedule.now + this.world.skew) return
      void this.#ring(generation)
    })
  }

  async #ring(generation: number): Promise<void> {
    const { schedule, random, weather, tell } = this.world
    if (weather.strikes('alarmLost')) {
      tell('the alarm is lost')
      this.#lostAlarm = generation
      return
    }
    this.#ringing = generation
    const instance = await this.#running(this.#server())
    let wait: number | null = null
    const ring = (instance: Instance) => {
      tell(`${instance.name}: alarm`)
      return inside.run(instance, () => instance.object.alarm())
    }
    try {
      if (weather.strikes('alarmTwice') || this.isSplit) {
        tell('the alarm rings twice')
        const again = () => this.#running(this.#server()).then(ring)
        schedule.at(schedule.now + random.spread(10, 600_000), () => void again().catch(() => {}))
      }
      await Promise.race([ring(instance), instance.died])
      this.#rings = 0
    } catch (error) {
      const isOver = instance.isGone || instance.isDisplaced
      if (!isOver && ++this.#rings > mostRings) this.#lostAlarm = generation
      tell(`alarm failed: ${String(error)}`)
      wait = isOver ? random.between(100, 5_000) : 2_000 * 2 ** this.#rings
    }
    this.#ringing = null
    if (wait !== null && this.#lostAlarm !== generation) this.#ringAt(schedule.now + wait, generation)
    if (wait === null && this.#stored()?.generation === generation) {
      this.disk.exec('delete from alarm')
      if (!this.#instances.some((instance) => instance?.isWriting)) this.disk.commit()
    }
    this.replan()
  }
}
