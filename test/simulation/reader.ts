import type { Manifest, ManifestChange, Part, Range } from '#lib/schema/manifest.ts'
import { seqsPerPosition } from '#lib/schema/hit.ts'
import { applyChange, planSync, withoutRanges, withPart, type Held } from '#lib/device/sync.ts'
import type { HitBuffer } from '../../workers/store/hit-buffer.ts'
import { partKey } from '../../workers/store/keys.ts'
import { PartReader } from '../../workers/store/parquet.ts'
import { hashOf } from './bucket.ts'
import type { Socket } from './globals.ts'
import { mayBeTwice, type Ledger } from './ledger.ts'
import type { Machine } from './machine.ts'
import type { World } from './world.ts'

export const site = 'example'
const day = 86_400_000

/** A row of a part: which line it is, and its place in the log. */
export interface Row {
  seq: number
  number: number
}

/** The routes that readers have, and a judge of what they answer. */
export class Library {
  readonly #world: World
  readonly #machine: Machine
  readonly #ledger: Ledger
  readonly #bucket: R2Bucket
  /** The live parts of each version, as they were when it was committed. */
  readonly versions = new Map<number, string>()
  readonly #read = new Map<string, Row[]>()

  constructor(world: World, machine: Machine, ledger: Ledger) {
    this.#world = world
    this.#machine = machine
    this.#ledger = ledger
    this.#bucket = machine.bucket.bindingFor(null)
    this.versions.set(0, '')
    machine.oncommit = (version) => this.#note(version)
  }

  /** Asks until there is an answer. */
  async call<T>(name: string, work: (object: HitBuffer) => T | Promise<T>): Promise<T> {
    const { schedule, random } = this.#world
    for (;;)
      try {
        return await this.#machine.call(name, work)
      } catch {
        await schedule.wait(random.spread(100, 60_000))
      }
  }

  /** `seen` is the version that the reader knows. */
  async manifest(seen = 0): Promise<Manifest> {
    const manifest = await this.call('manifest', (object) => object.manifest(site, seen))
    const ids = namesOf(manifest.parts)
    const wanted = this.versions.get(manifest.version)
    if (ids !== wanted) this.#world.violate(`version ${manifest.version} has the parts ${ids}, not ${wanted}`)
    return manifest
  }

  /** Storage went back, or the power failed, so that what was listed before may be unknown. */
  isShakenSince(time: number): boolean {
    const { restored, cut } = this.#ledger
    return (restored !== null && restored.at >= time) || cut >= time || this.isShaken
  }

  /** What a power cut took is not mended yet: the alarm may be lost, until somebody asks. */
  get isShaken(): boolean {
    return this.#machine.isShaken
  }

  /** The rows of a part by the route for parts; null when it is not known any more. */
  async part(part: Part): Promise<Row[] | null> {
    const { schedule, random } = this.#world
    const [asked, wasShaken] = [schedule.now, this.isShaken]
    const known = await this.call('part', (object) => object.part(part.id))
    if (!known) return null
    for (;;)
      try {
        const object = await this.#bucket.get(partKey(site, known))
        const bytes = object && new Uint8Array(await object.arrayBuffer())
        if (!bytes || (hashOf(bytes) !== part.sha256 && (wasShaken || this.isShakenSince(asked)))) return null
        return await this.rows(part, bytes)
      } catch {
        await schedule.wait(random.spread(100, 60_000))
      }
  }

  /** The rows in a part's bytes, each compared with what was sent. */
  async rows(part: Part, bytes: Uint8Array): Promise<Row[]> {
    if (hashOf(bytes) !== part.sha256)
      this.#world.violate(`part ${part.id} has another hash than its manifest says`)
    let rows = this.#read.get(part.id)
    if (!rows) this.#read.set(part.id, (rows = await this.#decode(part, bytes)))
    return rows
  }

  async #decode(part: Part, bytes: Uint8Array): Promise<Row[]> {
    const reader = PartReader.of(bytes)
    const names = ['seq', 'path', 'ip', 'time', 'request_id'] as const
    const valuesOf = async (name: (typeof names)[number]) =>
      (await Promise.all(reader.groups.map((_, group) => reader.values(name, group)))).flat()
    const [seq, path, ip, time, ids] = await Promise.all(names.map(valuesOf))
    if (reader.rows !== part.rows)
      this.#world.violate(`part ${part.id} has ${reader.rows} rows, not ${part.rows}`)
    return path!.map((of, i) => {
      const number = Number((of as string).slice(1))
      const line = this.#ledger.lines[number]
      const isSame =
        line?.addresses.has(ip![i] as string | null) &&
        line.times.has(Number(time![i])) &&
        line.hit.request_id === ids![i]
      if (!isSame) this.#world.violate(`part ${part.id} holds a row that nobody sent: ${String(of)}`)
      const row = { seq: Number(seq![i]), number }
      const isWithin = part.ranges.some((range) => isIn(row, range))
      const date = new Date(Number(time![i])).toISOString().slice(0, 10)
      if (!isWithin || date !== part.day)
        this.#world.violate(`part ${part.id} holds row ${row.seq} of ${date}`)
      return row
    })
  }

  /** Which line lies at which place, as far as somebody has read these parts. */
  numbers(parts: Part[]): Map<number, number> {
    const rows = parts.flatMap(({ id }) => this.#read.get(id) ?? [])
    return new Map(rows.map(({ seq, number }) => [seq, number]))
  }

  /** Each line once, but those that nothing tells apart. */
  judge(rows: Iterable<Row>, where: string): void {
    const found = new Set<number>()
    for (const { number } of rows) {
      if (found.has(number) && !mayBeTwice(this.#ledger.lines[number]!))
        this.#world.violate(`line ${number} is twice in ${where}`)
      found.add(number)
    }
  }

  #note(version: number): void {
    const { disk } = this.#machine
    const parts = disk.exec(`select id, rows from part where state = 'live'`) as {
      id: string
      rows: number
    }[]
    this.versions.set(version, namesOf(parts))
    const [{ logged, wanted }] = disk.exec(
      `select (select coalesce(sum(rows), 0) from log
           where position >= coalesce((select value from state where name = 'flushed'), 0)) as logged,
         (select coalesce(sum(case when outcome in ('accepted', 'put_back') then records else -records end), 0)
           from counter where outcome in ('accepted', 'put_back', 'expired', 'erased', 'set_aside')) as wanted`
    ) as [{ logged: number; wanted: number }]
    const held = parts.reduce((sum, { rows }) => sum + rows, 0)
    if (held + logged !== wanted)
      this.#world.violate(
        `version ${version} holds ${held} rows and the log ${logged}, not ${wanted} together`
      )
  }
}

const namesOf = (parts: { id: string }[]) =>
  parts
    .map(({ id }) => id)
    .sort()
    .join(' ')

const positionOf = ({ seq }: Row) => Math.floor(seq / seqsPerPosition)
const isIn = (row: Row, { from, to }: Range) => positionOf(row) >= from && positionOf(row) < to

/** Reads one manifest, then its parts, taking its time: all of them are there for a day, and each line is in one. */
export async function readSlowly(world: World, library: Library, patience: number): Promise<void> {
  const { schedule, random } = world
  const [asked, wasShaken] = [schedule.now, library.isShaken]
  const { version, parts } = await library.manifest()
  const rows: Row[] = []
  for (const part of parts) {
    await schedule.wait(random.between(0, 1) * random.spread(1, patience / parts.length + 1))
    const found = await library.part(part)
    if (!found && (wasShaken || library.isShakenSince(asked))) return
    if (!found && schedule.now - asked < patience)
      return world.violate(`part ${part.id} of version ${version} is gone after ${schedule.now - asked} ms`)
    if (!found) return
    rows.push(...found)
  }
  library.judge(rows, `version ${version}`)
}

/** A device that keeps what it has loaded, and brings it to each manifest with the page's own plan. */
export class Device {
  readonly #world: World
  readonly #library: Library
  #held: Held[] = []
  #rows: (Row & { day: string })[] = []
  #manifest: Manifest | null = null
  /** The version of the last manifest, by which it asks for another one. */
  #seen = 0
  #socket: Socket | null = null
  #syncing = Promise.resolve()

  constructor(world: World, library: Library) {
    this.#world = world
    this.#library = library
  }

  /** Opens the live socket: the object flushes for it, and tells it of each version. */
  async watch(): Promise<void> {
    const answer = await this.#library.call('live', (object) => object.fetch())
    this.#socket = answer.webSocket as unknown as Socket
    this.#socket.hear = (message) => {
      this.#manifest = applyChange(this.#manifest, JSON.parse(message) as ManifestChange)
    }
  }

  leave(): void {
    if (this.#socket) this.#socket.close()
    this.#socket = null
  }

  /** Brings what is held to the newest manifest it knows of, one time after the other. */
  sync(isFinal = false): Promise<void> {
    return (this.#syncing = this.#syncing.then(() => this.#sync(isFinal)))
  }

  async #sync(isFinal: boolean): Promise<void> {
    if (isFinal || !this.#socket?.isOpen) this.#manifest = null
    const manifest = (this.#manifest ??= await this.#library.manifest(this.#seen))
    this.#seen = manifest.version
    const { fetch, drop } = planSync(this.#held, [], manifest, {
      from: 0,
      // A hit without a time of its own lies where the clock was that received it, up to three days ahead.
      to: this.#world.schedule.now + 4 * day
    })
    for (const { day, ranges } of drop) this.#forget(day, ranges)
    for (const part of fetch) {
      const rows = await this.#library.part(part)
      if (!rows) {
        this.#manifest = null
        return isFinal ? this.#world.violate(`part ${part.id} is gone`) : undefined
      }
      this.#forget(part.day, part.ranges)
      this.#rows.push(...rows.map((row) => ({ ...row, day: part.day })))
      this.#held = withPart(this.#held, part)
    }
    await this.#compare(manifest)
  }

  #forget(day: string, ranges: Range[]): void {
    this.#rows = this.#rows.filter((row) => row.day !== day || !ranges.some((range) => isIn(row, range)))
    this.#held = withoutRanges(this.#held, day, ranges)
  }

  /** What is held after a sync is what the manifest's parts hold. */
  async #compare({ version, parts }: Manifest): Promise<void> {
    const rows = parts.reduce((sum, part) => sum + part.rows, 0)
    const seqs = new Set(this.#rows.map(({ seq }) => seq))
    if (this.#rows.length !== rows || seqs.size !== rows)
      this.#world.violate(
        `a device holds ${this.#rows.length} rows (${seqs.size} that differ) of the ${rows} of version ${version}`
      )
    const numbers = this.#library.numbers(parts)
    const stranger = this.#rows.find(({ seq, number }) => (numbers.get(seq) ?? number) !== number)
    if (stranger) this.#world.violate(`a device takes line ${stranger.number} for another at ${stranger.seq}`)
    this.#library.judge(this.#rows, `a device at version ${version}`)
  }
}
