import type { Key } from './ladder.ts'
import { LineList, type Wanted } from './line-list.svelte.ts'
import type { Line } from './log.ts'
import { scrollScale } from './scroll-scale.ts'

/** A line that is pointed at, and its place in the list as it is shown. */
interface Place {
  readonly key: Key
  readonly at: number
}

/** Where one stands in the list of lines. Places are counted as they are shown, from 0 at the top. */
export class Reader {
  readonly list = new LineList()
  isOldestFirst = $state(false)
  /** Whether the list goes along with what comes. */
  isFollowing = $state(true)
  rowHeight = $state(26)
  /** The height of what is seen, in pixels. */
  height = $state(0)
  /** The pixels above what is seen. */
  top = $state(0)
  current = $state.raw<Place | null>(null)
  /** The place to stand on once its line is read. */
  #pending: number | null = null
  #turn = 0
  unfolded = $state.raw<Place | null>(null)
  unfoldedHeight = $state(0)
  /** The newest line that was seen: later ones are new. */
  #newest: Key | null = null
  /** How many lines came that were not seen. */
  fresh = $state(0)

  pixels = $derived(this.list.lines * this.rowHeight + (this.unfolded ? this.unfoldedHeight : 0))
  scale = $derived(scrollScale(this.pixels))
  lowest = $derived(Math.max(0, this.pixels - this.height))
  /** The places that are seen, the last one excluded. */
  seen = $derived.by(() => {
    const from = this.#placeAt(this.top)
    return { from, to: Math.min(this.list.lines, this.#placeAt(this.top + this.height) + 1) }
  })

  /** From a place of the list to the position among all lines, oldest first, and back. */
  flip = (at: number): number => (this.isOldestFirst ? at : this.list.lines - 1 - at)
  line = (at: number): Line | null => this.list.at(this.flip(at))
  yOf = (at: number): number =>
    at * this.rowHeight + (this.unfolded && at > this.unfolded.at ? this.unfoldedHeight : 0)

  #placeAt(y: number) {
    const { unfolded, rowHeight } = this
    const end = unfolded ? (unfolded.at + 1) * rowHeight : Infinity
    const own = y < end ? y : Math.max(end - 1, y - this.unfoldedHeight)
    return Math.max(0, Math.min(this.list.lines, Math.floor(own / rowHeight)))
  }

  scrollTo(y: number): void {
    this.top = Math.max(0, Math.min(this.lowest, y))
    if (this.isAtNewest) this.see()
    this.look()
  }

  look(): void {
    const { from, to } = this.seen
    const [a, b] = [this.flip(from), this.flip(to - 1)]
    this.list.look(Math.min(a, b), Math.max(a, b) + 1)
  }

  get isAtNewest(): boolean {
    return this.isOldestFirst ? this.top >= this.lowest - 1 : this.top < this.rowHeight / 2
  }

  /** The newest line is seen. */
  see(): void {
    this.#newest = this.list.at(this.list.lines - 1) ?? this.#newest
    this.fresh = 0
  }

  /** The place that one stands on, or is about to. */
  get place(): number | null {
    return this.#pending ?? this.current?.at ?? null
  }

  /** Stands on a place, once its line is read; it is brought into sight, in the middle if it was far. */
  async stand(at: number): Promise<void> {
    const to = Math.max(0, Math.min(this.list.lines - 1, at))
    const turn = ++this.#turn
    this.#pending = to
    this.reveal(to)
    const line = await this.read(to, () => turn === this.#turn)
    // One has gone elsewhere meanwhile.
    if (turn !== this.#turn) return
    this.#pending = null
    if (line) this.current = { key: { time: line.time, seq: line.seq }, at: to }
  }

  /** Stands on a line that is read, or on none. */
  standOn(place: Place | null): void {
    this.#turn++
    this.#pending = null
    this.current = place
  }

  /** The line at a place in sight, once it is read, as long as it is wanted; a busy device may take many seconds. */
  async read(at: number, isWanted = () => true): Promise<Line | null> {
    for (let turns = 0; turns < 6_000 && isWanted(); turns++) {
      const line = this.line(at)
      if (line || this.list.error) return line
      await new Promise((done) => setTimeout(done, 10))
    }
    return null
  }

  reveal(at: number): void {
    const y = this.yOf(at)
    const below = y + this.rowHeight - this.height
    if (y >= this.top && below <= this.top) return
    const isNear = y > this.top - 3 * this.rowHeight && below < this.top + 3 * this.rowHeight
    this.scrollTo(isNear ? (y < this.top ? y : below) : y - this.height / 3)
  }

  /** Brings what is unfolded into sight, as much of it as there is room for below its line. */
  revealUnfolded(): void {
    if (!this.unfolded) return
    const room = this.height - this.rowHeight
    const end = this.yOf(this.unfolded.at) + this.rowHeight + Math.min(room, this.unfoldedHeight)
    if (end > this.top + this.height) this.scrollTo(end - this.height)
  }

  /** Goes to a line wherever it is; gives whether it stands there. */
  async goTo(key: Key): Promise<boolean> {
    const position = await this.list.find(key)
    if (position >= this.list.lines) return false
    await this.stand(this.flip(position))
    return this.current?.key.seq === key.seq
  }

  turn(isOldestFirst: boolean): void {
    if (isOldestFirst === this.isOldestFirst) return
    this.unfolded = null
    const { current, list } = this
    this.isOldestFirst = isOldestFirst
    const last = list.lines - 1
    if (current) {
      this.current = { ...current, at: last - current.at }
      this.reveal(last - current.at)
    } else this.scrollTo(0)
  }

  /**
   * Lists what is wanted now. The line that is read stays where it is; at the newest, unless one stands on a line, what
   * is newer is shown. Gives false
   * if something else is wanted meanwhile.
   */
  async ask(wanted: Wanted, target: Key | null = null): Promise<boolean> {
    const { current, unfolded, top } = this
    const goesAlong = this.isFollowing && this.isAtNewest && !current && !unfolded && !target
    const first = this.line(this.seen.from)
    const isSeen = current && current.at >= this.seen.from && current.at < this.seen.to
    const held = target ?? (isSeen ? current.key : first)
    const heldAt = target ? null : isSeen ? current.at : this.seen.from
    const offset = heldAt === null ? this.height / 3 : this.yOf(heldAt) - this.top
    const keys = [held, current?.key, unfolded?.key, this.#newest]
    const known = keys.filter((key): key is Key => Boolean(key))
    const rows = Math.ceil(this.height / this.rowHeight) + 2
    const flipped = (position: number, lines: number) =>
      this.isOldestFirst ? position : lines - 1 - position

    const positions = await this.list.count(wanted, known, ([position], lines) => {
      const at = position === undefined || goesAlong ? null : flipped(position, lines)
      const from =
        at === null ? (this.isOldestFirst && goesAlong ? lines - rows : 0) : at - offset / this.rowHeight
      const ends = [flipped(Math.floor(from), lines), flipped(Math.ceil(from) + rows, lines)]
      return { from: Math.min(...ends), to: Math.max(...ends) + 1 }
    })
    if (!positions) return false
    const { lines } = this.list
    const placeOf = (key: Key | null | undefined) => {
      const position = key ? positions[known.indexOf(key)] : undefined
      return position === undefined ? null : flipped(Math.min(position, lines - 1), lines)
    }
    const at = placeOf(held)
    if (!target && (this.current !== current || this.unfolded !== unfolded || this.top !== top)) {
      // One has moved while the lines were counted: all places shift as that of the line which was held.
      const by = at === null || heldAt === null ? 0 : at - heldAt
      this.current = this.#moved(this.current, this.current && this.current.at + by)
      this.unfolded = this.#moved(this.unfolded, this.unfolded && this.unfolded.at + by)
      this.scrollTo(this.top + by * this.rowHeight)
    } else {
      this.current = this.#moved(current, placeOf(current?.key))
      this.unfolded = this.#moved(unfolded, placeOf(unfolded?.key))
      if (goesAlong) this.scrollTo(this.isOldestFirst ? this.lowest : 0)
      else this.scrollTo(at === null ? this.top : this.yOf(at) - offset)
    }
    const newest = this.#newest ? positions[known.indexOf(this.#newest)]! : lines - 1
    this.fresh = Math.max(0, lines - 1 - newest)
    if (this.isAtNewest || !this.#newest) this.see()
    if (target && at !== null) this.current = { key: target, at }
    return true
  }

  /** A line at its new place; null if another line stands there. */
  #moved(place: Place | null, at: number | null): Place | null {
    if (!place || at === null || at < 0) return null
    const line = this.line(at)
    return line && line.seq !== place.key.seq ? null : { ...place, at }
  }
}
