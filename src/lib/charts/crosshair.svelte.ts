type Stretch = readonly [first: number, last: number]
type Pointed = PointerEvent & { currentTarget: HTMLElement }

const between = (a: number, b: number): Stretch => [Math.min(a, b), Math.max(a, b)]

const moves: Record<string, (from: number) => number> = {
  ArrowLeft: (from) => from - 1,
  ArrowRight: (from) => from + 1,
  PageUp: (from) => from - 10,
  PageDown: (from) => from + 10,
  Home: () => 0,
  End: () => Infinity
}

/** Which bucket is looked at, and which are chosen: by mouse, finger or keys. */
export class Crosshair {
  cursor = $state<number | null>(null)
  chosen = $state.raw<Stretch | null>(null)
  #anchor: number | null = null
  #isMoved = false
  readonly #edges: () => readonly number[]
  readonly #last: () => number

  /** `last` is the bucket that now is in: what comes after it cannot be looked at. */
  constructor(edges: () => readonly number[], last: () => number) {
    this.#edges = edges
    this.#last = last
  }

  drop = () => {
    this.chosen = this.cursor = this.#anchor = null
  }

  /** Keeps the chosen buckets at their times when the range moves on; drops them once they are out of it. */
  follow(before: readonly number[], next: readonly number[]) {
    if (!this.chosen) return
    const [first, last] = this.chosen.map((bucket) => next.indexOf(before[bucket] ?? NaN))
    if (first! < 0 || last! < 0) this.drop()
    else this.chosen = [first!, last!]
  }

  down = (event: Pointed) => {
    if (event.button) return
    this.cursor = this.#anchor = this.#bucketAt(event)
    this.#isMoved = false
    if (event.pointerType === 'mouse') event.currentTarget.setPointerCapture(event.pointerId)
  }

  move = (event: Pointed) => {
    this.cursor = this.#bucketAt(event)
    if (this.#anchor === null) return
    this.#isMoved ||= this.cursor !== this.#anchor
    if (this.#isMoved && event.pointerType === 'mouse') this.chosen = between(this.#anchor, this.cursor)
  }

  /** A click or a tap pins a bucket, and again lets it go; a finger that has scrubbed pins where it stops. */
  up = (event: Pointed) => {
    const { cursor, chosen } = this
    const isScrubbed = this.#isMoved && event.pointerType !== 'mouse'
    if (this.#anchor !== null && cursor !== null && (!this.#isMoved || isScrubbed)) {
      const isAgain = !isScrubbed && chosen?.[0] === cursor && chosen[1] === cursor
      this.chosen = isAgain ? null : [cursor, cursor]
    }
    this.#anchor = null
    if (event.pointerType !== 'mouse') this.cursor = null
  }

  leave = (event: Pointed) => {
    if (event.pointerType !== 'mouse') this.#anchor = null
    if (this.#anchor === null) this.cursor = null
  }

  /** Whether a key meant the crosshair. */
  key(event: KeyboardEvent) {
    const move = moves[event.key]
    if (!move || event.altKey || event.ctrlKey || event.metaKey) return false
    const from = this.cursor ?? this.chosen?.[1] ?? this.#last() + 1
    const to = Math.min(this.#last(), Math.max(0, move(from)))
    this.#anchor = event.shiftKey ? (this.#anchor ?? Math.min(from, this.#last())) : null
    this.chosen = this.#anchor === null ? null : between(this.#anchor, to)
    this.cursor = to
    return true
  }

  #bucketAt({ clientX, currentTarget }: Pointed) {
    const edges = this.#edges()
    const box = currentTarget.getBoundingClientRect()
    const share = Math.min(0.9999, Math.max(0, (clientX - box.left) / box.width))
    const ms = (edges[0] ?? 0) + share * ((edges.at(-1) ?? 0) - (edges[0] ?? 0))
    const bucket = edges.findLastIndex((from) => from <= ms)
    return Math.min(this.#last(), bucket)
  }
}
