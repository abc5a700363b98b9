import type { HitBuffer } from '../../workers/store/hit-buffer.ts'
import { kindOf } from './disk.ts'
import type { Socket } from './globals.ts'
import type { Machine } from './machine.ts'
import { inside, type Home } from './world.ts'

export type Create = (ctx: DurableObjectState, env: Env) => HitBuffer

/** What a caller hears when the object or the way to it ends under it. */
export function lost(message: string): Error {
  return Object.assign(new Error(message), { retryable: true, remote: true })
}

/** One running copy of the object. A displaced one runs on until it touches its storage. */
export class Instance implements Home {
  readonly name: string
  readonly server: number
  readonly object: HitBuffer
  readonly sockets = new Set<Socket>()
  readonly ready: Promise<unknown>
  isGone = false
  isDisplaced = false
  /** Rejects when the object ends: whoever waits for an answer hears of it. */
  readonly died: Promise<never>
  readonly #machine: Machine
  #reject!: (error: Error) => void
  #gate: { promise: Promise<void>; resolve: () => void } | null = null
  /** What was written last is lost: nothing leaves any more. */
  #isBroken = false

  constructor(machine: Machine, name: string, server: number, create: Create) {
    this.#machine = machine
    this.name = name
    this.server = server
    this.died = new Promise((_, reject) => (this.#reject = reject))
    this.died.catch(() => {})
    let ready: Promise<unknown> = Promise.resolve()
    const ctx = {
      storage: this.#storage(),
      blockConcurrencyWhile: (work: () => Promise<unknown>) => (ready = work()),
      acceptWebSocket: (socket: Socket) => this.#accept(socket),
      getWebSockets: () => [...this.sockets],
      setWebSocketAutoResponse: () => {},
      // As long as a watcher is there, it asks.
      getWebSocketAutoResponseTimestamp: () => new Date(Date.now()),
      abort: (why: string) => this.end(why)
    }
    const env = {
      PARTS: machine.bucket.bindingFor(this),
      ASSETS: { fetch: async () => ({ ok: false }) },
      ...(machine.isEmbedded && { LOGGIA_EMBEDDED: '' })
    }
    this.object = inside.run(this, () => create(ctx as unknown as DurableObjectState, env as unknown as Env))
    this.ready = ready
    ready.catch(() => this.end('could not start'))
  }

  /** Waits until what was written so far is durable. */
  async opened(): Promise<void> {
    while (this.#gate) await this.#gate.promise
    if (this.isGone || this.#isBroken) await new Promise(() => {})
  }

  /** Something is written and not yet durable. */
  get isWriting(): boolean {
    return this.#gate !== null
  }

  /** Where the object stands now, it may end or be displaced. */
  strike(): void {
    if (this.isGone || this.isDisplaced) return
    const { weather } = this.#machine.world
    if (weather.strikes('split')) this.#machine.split()
    if (weather.strikes('crash')) this.end('crash')
    else if (weather.strikes('displace')) this.displace()
  }

  end(why: string): void {
    if (this.isGone) return
    this.#leave(why)
    this.isGone = true
  }

  displace(): void {
    this.#leave('displaced')
    this.isDisplaced = true
  }

  #leave(why: string): void {
    this.#machine.world.tell(`${this.name}: ${why}`)
    if (!this.isDisplaced) {
      this.#isBroken = this.isWriting
      this.#gate = null
      this.#machine.left(this)
    }
    for (const socket of this.sockets) socket.isOpen = false
    this.sockets.clear()
    this.#reject(lost(`object ended: ${why}`))
  }

  /** What is sent leaves in order, and not before what was written is durable. */
  #accept(socket: Socket): void {
    const { schedule, random } = this.#machine.world
    let wire = Promise.resolve()
    this.sockets.add(socket)
    socket.close = () => {
      socket.isOpen = false
      this.sockets.delete(socket)
    }
    socket.send = (message) => {
      wire = wire.then(() => this.opened()).then(() => schedule.wait(random.between(1, 20)))
      void wire.then(() => socket.isOpen && socket.hear(message))
    }
  }

  #touch(): void {
    if (this.isGone || this.isDisplaced) throw new Error('this object has no storage any more')
  }

  #storage() {
    const { disk, world } = this.#machine
    const exec = (query: string, ...bindings: unknown[]) => {
      this.#touch()
      const kind = kindOf(query)
      if (kind !== 'read') {
        if (world.weather.strikes('tear')) this.end('torn')
        this.#touch()
        if (kind === 'insert' && this.#machine.isFull) throw new Error('SQLITE_FULL: disk is full')
      }
      const rows = disk.exec(query, ...bindings)
      if (kind !== 'read') this.#wrote()
      return { toArray: () => rows, rowsRead: 0, rowsWritten: 0 }
    }
    return {
      sql: { exec, databaseSize: 0 },
      transactionSync: <T>(work: () => T) => {
        this.#touch()
        try {
          return disk.transaction(work)
        } finally {
          if (this.isGone || this.isDisplaced) this.#machine.forget()
          else this.#wrote()
        }
      },
      getAlarm: async () => (this.#touch(), this.#machine.alarm),
      setAlarm: async (time: number) => {
        this.#touch()
        this.#machine.setAlarm(time)
        this.#wrote()
      }
    }
  }

  #wrote(): void {
    const { disk, world, isEager } = this.#machine
    if (this.isGone || this.isDisplaced || disk.isInTransaction) return
    if (isEager && !this.#gate) return this.#machine.commit()
    if (this.#gate) return
    const gate = (this.#gate = Promise.withResolvers<void>())
    world.schedule.at(world.schedule.now + world.random.between(1, 12), () => {
      if (this.#gate !== gate) return
      this.strike()
      if (this.isGone || this.isDisplaced) return
      this.#gate = null
      this.#machine.commit()
      gate.resolve()
    })
  }
}
