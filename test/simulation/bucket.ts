import { createHash } from 'node:crypto'
import type { Instance } from './instance.ts'
import type { World } from './world.ts'

interface Stored {
  bytes: Uint8Array
  sha256: string
  uploaded: number
}

/** An operation on its way: what it does when it arrives, and what may go wrong with it. */
interface Operation<T> {
  name: string
  by: Instance | null
  isWrite: boolean
  effect: () => T
}

const hour = 3_600_000
/** By then a system has written what it was given. */
const writtenWithin = 9 * 60_000
/** Puts that a bucket which is away may be asked for in an hour, by all objects together. */
const mostRefused = 120

/** R2 as the Worker sees it: slow, sometimes away, and never sure that an answer arrives. */
export class SimulatedBucket {
  readonly objects = new Map<string, Stored>()
  readonly #world: World
  /** When it was asked for a put while it was away, within the last hour. */
  #refused: number[] = []
  /** How often the machine was started on whose disk this bucket may be. */
  #boots = 0
  /** Objects read wrong once: nobody can tell what is read wrong twice in the same way. */
  readonly #misread = new Set<string>()

  constructor(world: World) {
    this.#world = world
  }

  /** The binding in the environment of an object, or of the Worker itself. */
  bindingFor(by: Instance | null): R2Bucket {
    const binding = {
      put: (key: string, bytes: Uint8Array, options: { onlyIf?: unknown; sha256?: string } = {}) => {
        const copy = bytes.slice()
        const effect = () => this.#put(key, copy, options)
        return this.#operate({ name: `put ${key}`, by, isWrite: true, effect })
      },
      head: (key: string) =>
        this.#operate({ name: `head ${key}`, by, isWrite: false, effect: () => this.#head(key) }),
      get: (key: string, options?: { range: { offset: number; length: number } }) =>
        this.#operate({
          name: `get ${key}`,
          by,
          isWrite: false,
          effect: () => this.#get(key, options?.range)
        }),
      list: (options: { prefix: string; cursor?: string }) =>
        this.#operate({ name: 'list', by, isWrite: false, effect: () => this.#list(options) }),
      delete: (keys: string[]) => {
        const effect = () => keys.forEach((key) => this.objects.delete(key))
        return this.#operate({ name: `delete ${keys.join(' ')}`, by, isWrite: true, effect })
      }
    }
    return binding as unknown as R2Bucket
  }

  async #operate<T>(operation: Operation<T>): Promise<T> {
    const { by } = operation
    // The output gate: nothing leaves an object before what it wrote is durable.
    await by?.opened()
    by?.strike()
    const answer = await new Promise<{ value: T } | { error: Error }>((resolve) =>
      this.#send(operation, (result) => {
        if (!by?.isGone) resolve(result)
      })
    )
    by?.strike()
    if ('error' in answer) throw answer.error
    return answer.value
  }

  #send<T>(
    { name, by, isWrite, effect }: Operation<T>,
    answer: (result: { value: T } | { error: Error }) => void
  ): void {
    const { schedule, random, weather } = this.#world
    const tell = (what: string) => this.#world.tell(`${by?.name ?? 'worker'}: ${name} ${what}`)
    const fail = (ms: number, what: string) => {
      tell(what)
      schedule.at(schedule.now + ms, () => answer({ error: new Error(`bucket: ${what}`) }))
    }
    const boot = this.#boots
    const arrive = (ms: number, then: (value: T) => void) => {
      schedule.at(schedule.now + ms, () => {
        if (boot !== this.#boots) return answer({ error: new Error('bucket: no power') })
        tell('arrives')
        then(effect())
      })
    }
    const way = random.between(1, 40)
    const isAway = schedule.now < weather.awayUntil && (isWrite || !weather.isReadable)
    if (isAway && name.startsWith('put ')) this.#mustWait()
    if (isAway || weather.strikes('refused')) return fail(way, 'refused')
    if (isWrite && weather.strikes('unheard')) {
      arrive(way, () => {})
      return fail(way + random.spread(1, 30_000), 'unheard')
    }
    if (isWrite && weather.strikes('late')) {
      arrive(random.spread(1_000, 48 * hour), () => {})
      return fail(random.spread(1_000, 30_000), 'late')
    }
    // What the Worker reads for somebody is theirs to ask for again.
    if (by !== null && weather.strikes('silent')) {
      tell('is not answered')
      return random.chance(0.5) ? arrive(way, () => {}) : undefined
    }
    const back = random.between(1, 40)
    const [there, home] = weather.strikes('slow')
      ? [random.spread(1_000, 2 * hour), random.spread(1_000, 2 * hour)]
      : [way, back]
    if (there > 40) tell('slow')
    arrive(there, (value) => schedule.at(schedule.now + home, () => answer({ value })))
  }

  /** An object that is refused tries again less and less often. */
  #mustWait(): void {
    const { schedule, violate } = this.#world
    this.#refused = [...this.#refused.filter((time) => time > schedule.now - hour), schedule.now]
    if (this.#refused.length > mostRefused)
      violate(`a bucket that is away is asked for more than ${mostRefused} puts in an hour`)
  }

  /** The power fails: what is on its way never arrives, and of what came lately some is gone, and some cut short. */
  cut(): void {
    const { schedule, random, tell } = this.#world
    this.#boots++
    for (const [key, object] of this.objects) {
      if (object.uploaded < schedule.now - random.between(0, writtenWithin) || random.chance(0.3)) continue
      tell(`power cut: ${key} is lost`)
      if (random.chance(0.5)) this.objects.delete(key)
      else object.bytes = object.bytes.slice(0, random.between(0, object.bytes.length - 1))
    }
  }

  #put(key: string, bytes: Uint8Array, { onlyIf, sha256 }: { onlyIf?: unknown; sha256?: string }) {
    if (onlyIf && this.objects.has(key)) return null
    const hash = hashOf(bytes)
    if (sha256 !== undefined && sha256 !== hash) throw new Error('bucket: another hash')
    this.objects.set(key, { bytes, sha256: hash, uploaded: this.#world.schedule.now })
    return this.#head(key)
  }

  #head(key: string) {
    const object = this.objects.get(key)
    return object
      ? { size: object.bytes.length, checksums: { toJSON: () => ({ sha256: object.sha256 }) } }
      : null
  }

  #get(key: string, range?: { offset: number; length: number }) {
    const object = this.objects.get(key)
    if (!object) return null
    const bytes = range ? object.bytes.slice(range.offset, range.offset + range.length) : object.bytes.slice()
    if (range && !this.#misread.has(key) && this.#world.weather.strikes('misread')) {
      this.#misread.add(key)
      const path = bytes.findIndex((byte, i) => byte === 0x2f && isDigit(bytes[i + 1]))
      if (path >= 0) bytes[path + 1] = 0x30 + ((bytes[path + 1]! - 0x2f) % 10)
      this.#world.tell(`${key} is read wrong`)
    }
    return { arrayBuffer: async () => bytes.buffer }
  }

  /** Three at a time, so that whoever lists must ask for more. */
  #list({ prefix, cursor = '' }: { prefix: string; cursor?: string }) {
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > cursor).sort()
    const objects = keys.slice(0, 3).map((key) => {
      const { bytes, uploaded } = this.objects.get(key)!
      return { key, size: bytes.length, uploaded: new Date(uploaded) }
    })
    return { objects, truncated: keys.length > 3, cursor: keys[2] }
  }
}

const isDigit = (byte = 0) => byte >= 0x30 && byte <= 0x39

/** Lower-case hex of the SHA-256. */
export const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
