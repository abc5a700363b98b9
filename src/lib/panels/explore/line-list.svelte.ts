import type { Query } from '#lib/ask/query.ts'
import type { Device } from '#lib/device/device.ts'
import type { Dimension } from '#lib/filter/dimension.ts'
import type { Selection } from '#lib/filter/filter.ts'
import { asError } from '#lib/state/session.svelte.ts'
import type { Timing } from '#lib/time/buckets.ts'
import type { Key, Ladder } from './ladder.ts'
import { LinePages, type Run } from './line-pages.ts'
import { connectTo, countLines, linesAt, positionOf, type Line } from './log.ts'

/** Which lines are listed, and with which columns. */
export interface Wanted {
  device: Device
  selection: Selection
  timing: Timing
  columns: readonly Dimension[]
}

/** The selected lines, oldest first: how many there are, and those on screen. */
export class LineList {
  /** How the lines are spread; null until they are counted. */
  ladder = $state.raw<Ladder | null>(null)
  error = $state.raw<Error | null>(null)
  isPending = $state(false)
  /** Since when the lines are counted, in milliseconds. */
  since = $state(0)
  /** How long counting took, in milliseconds. */
  ms = $state(0)
  #arrived = $state(0)
  #pages = new LinePages()
  #columns: readonly Dimension[] = []
  #device: Device | null = null
  #query: Promise<Query> | null = null
  #turn = 0
  #looked: Run = { from: 0, to: 0 }
  #isReading = false

  get lines(): number {
    return this.ladder?.lines ?? 0
  }

  /** The line at a position; null while it is read. */
  at(position: number): Line | null {
    void this.#arrived
    return this.#pages.at(position)
  }

  /**
   * Counts the lines again. Gives the positions of some of them, once the rows `around` these are read; null if another
   * count began meanwhile.
   */
  async count(
    { device, selection, timing, columns }: Wanted,
    keys: readonly Key[],
    around: (positions: readonly number[], lines: number) => Run
  ): Promise<readonly number[] | null> {
    const turn = ++this.#turn
    this.isPending = true
    this.since = Date.now()
    try {
      const query = await this.#connect(device)
      await query.select(selection, timing)
      const started = performance.now()
      const ladder = await countLines(query, selection)
      const ms = performance.now() - started
      const positions = await Promise.all(keys.map((key) => positionOf(query, ladder, key)))
      if (turn !== this.#turn) return null
      const seen = around(positions, ladder.lines)
      const pages = new LinePages()
      const first = pages.missing(seen, ladder.lines)
      if (first) pages.keep(first, await linesAt(query, ladder, first.from, first.to, columns))
      if (turn !== this.#turn) return null
      this.#pages = pages
      this.#columns = columns
      this.ladder = ladder
      // The same question asked again is answered at once.
      if (ms >= 1 || !this.ms) this.ms = ms
      this.error = null
      this.isPending = false
      this.#arrived++
      return positions
    } catch (error) {
      this.#fail(error, turn)
      return null
    }
  }

  /** Reads the rows on screen, the last request first: rows that were scrolled past are skipped. */
  look(from: number, to: number): void {
    this.#looked = { from: Math.max(0, from), to: Math.min(this.lines, to) }
    if (!this.#isReading) void this.#read()
  }

  /** Reads lines with these columns from now on. */
  show(columns: readonly Dimension[]): void {
    if (String(columns) === String(this.#columns)) return
    this.#columns = columns
    this.#pages = new LinePages()
    this.look(this.#looked.from, this.#looked.to)
  }

  /** The position of a line. */
  async find(key: Key): Promise<number> {
    return positionOf(await this.#query!, this.ladder!, key)
  }

  /** Stops counting. */
  async cancel(): Promise<void> {
    this.#turn++
    this.isPending = false
    await (await this.#query)?.cancel()
  }

  close(): void {
    this.#turn++
    void this.#query?.then((query) => query.close()).catch(() => {})
  }

  async #read() {
    this.#isReading = true
    const { ladder } = this
    for (
      let run;
      ladder && ladder === this.ladder && (run = this.#pages.missing(this.#looked, ladder.lines));
    ) {
      const [pages, columns, turn] = [this.#pages, this.#columns, this.#turn]
      try {
        const lines = await linesAt(await this.#query!, ladder, run.from, run.to, columns)
        if (pages !== this.#pages) continue
        pages.keep(run, lines)
        this.#arrived++
      } catch (error) {
        this.#fail(error, turn)
        break
      }
    }
    this.#isReading = false
    if (ladder !== this.ladder) void this.#read()
  }

  #connect(device: Device): Promise<Query> {
    if (device !== this.#device) {
      this.#device = device
      this.#query = connectTo(device)
    }
    return this.#query!
  }

  #fail(error: unknown, turn: number) {
    if (turn !== this.#turn) return
    this.isPending = false
    if (!(error instanceof Error && error.name === 'Superseded')) this.error = asError(error)
  }
}
