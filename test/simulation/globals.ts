import { createHash } from 'node:crypto'
import { clock, inside, type World } from './world.ts'

let world: World | null = null
/** What `performance.now()` says at the start of a history: a lease of the one before has long run out. */
let uptime = 0
let start = 0

/** From now on the code of the Worker lives in this world. */
export function enter(next: World): void {
  uptime += 10 ** 12
  start = next.schedule.now
  world = next
}

export const here = () => world!

/** A wait never ends for an object that is gone meanwhile, and is long where the machine has no time for it. */
function wait(ms: number): Promise<void> {
  const home = inside.getStore()
  return new Promise((resolve) => {
    const { schedule, random, weather } = here()
    const stalled = weather.strikes('stall') ? random.spread(1_000, 300_000) : 0
    schedule.at(schedule.now + ms + stalled, () => {
      if (!home?.isGone) resolve()
    })
  })
}

/** A socket as far as the object sees it: its watcher hears what it sends. */
export class Socket {
  isOpen = true
  #attachment: unknown
  get readyState(): number {
    return this.isOpen ? WebSocket.OPEN : WebSocket.CLOSED
  }
  serializeAttachment(attachment: unknown): void {
    this.#attachment = attachment
  }
  deserializeAttachment(): unknown {
    return this.#attachment
  }
  hear: (message: string) => void = () => {}
  send: (message: string) => void = () => {}
  close: () => void = () => {}
}

class SocketPair {
  readonly 0: Socket
  readonly 1: Socket

  constructor() {
    this[0] = this[1] = new Socket()
  }
}

/** Node has no answer of status 101. */
class Answer {
  readonly webSocket: Socket

  constructor(_: null, { webSocket }: { webSocket: Socket }) {
    this.webSocket = webSocket
  }
}

function fill(bytes: Uint8Array): Uint8Array {
  for (let i = 0; i < bytes.length; i++) bytes[i] = here().random.between(0, 255)
  return bytes
}

async function digest(_: string, bytes: Uint8Array): Promise<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(bytes).digest()).buffer
}

/** Puts in the place of time and chance what the world has: nothing that the Worker reaches may differ in a replay. */
export function install(): void {
  Date.now = () => clock(here())
  performance.now = () => uptime + here().schedule.now - start
  const globals = {
    scheduler: { wait },
    // Before the first history no time passes.
    setTimeout: (run: () => void, ms: number) => world?.schedule.at(world.schedule.now + ms, run),
    clearTimeout: () => {},
    crypto: { getRandomValues: fill, randomUUID: () => String(here().random.next()), subtle: { digest } },
    WebSocketPair: SocketPair,
    WebSocketRequestResponsePair: Object,
    Response: Answer,
    console: { ...console, error: (line: string) => here().tell(line), warn: () => {} }
  }
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true })
}
