import type { Period } from '#lib/time/period.ts'

/** Where a line stands among all: by its time, and lines of one millisecond by their number. */
export interface Key {
  readonly time: number
  readonly seq: number
}

/** Lines of a time; or of one millisecond, some of their numbers. */
export interface Stretch {
  readonly times: Period
  readonly seqs: Period | null
}

/** Lines one after another: `lines` of the stretch, without its first `offset`. */
export interface Piece {
  readonly stretch: Stretch
  readonly offset: number
  readonly lines: number
}

/** A rung with too many lines to be sorted whenever some of them are shown: it needs a ladder of its own. */
export interface Heavy {
  readonly ladder: Ladder
  readonly rung: number
  readonly stretch: Stretch
}

/** Lines of a rung that are sorted at once. */
export const mostLines = 20_000
const rungs = { first: 4_096, finer: 1_024 }
/** Ladders of heavy rungs that are kept, the last used: memory stays the same however many lines there are. */
const mostFiner = 16

/** How a stretch is counted: rungs of so many milliseconds, or of so many numbers. */
export interface Scale {
  readonly by: 'time' | 'seq'
  readonly from: number
  readonly width: number
}

/** The scale by which a stretch is counted; null while its numbers are not known. */
export function scaleOf({ times, seqs }: Stretch, isFirst = false): Scale | null {
  const most = isFirst ? rungs.first : rungs.finer
  const by = times.to - times.from > 1 ? 'time' : 'seq'
  const counted = by === 'time' ? times : seqs
  return counted && { by, from: counted.from, width: Math.ceil((counted.to - counted.from) / most) || 1 }
}

/** How many lines stand in each rung of a stretch: positions ↔ times, without a list of all lines. */
export class Ladder {
  readonly stretch: Stretch
  readonly scale: Scale
  /** Position of the first line of each rung, and last the number of all lines. */
  readonly starts: Float64Array
  readonly #finer = new Map<number, Ladder>()

  constructor(stretch: Stretch, scale: Scale, counts: Iterable<readonly [rung: number, lines: number]>) {
    this.stretch = stretch
    this.scale = scale
    const { from, to } = this.#counted
    this.starts = new Float64Array(Math.max(1, Math.ceil((to - from) / scale.width)) + 1)
    for (const [rung, lines] of counts) this.starts[rung + 1] = lines
    for (let i = 1; i < this.starts.length; i++) this.starts[i]! += this.starts[i - 1]!
  }

  get lines(): number {
    return this.starts.at(-1)!
  }

  get #counted(): Period {
    return this.scale.by === 'time' ? this.stretch.times : this.stretch.seqs!
  }

  /** The lines at the positions `from` to `to`, as far as no heavy rung is among them that is still to be counted. */
  cut(from: number, to: number): { pieces: Piece[]; heavy: Heavy[] } {
    const pieces: Piece[] = []
    const heavy: Heavy[] = []
    for (let rung = this.rungAt(from); from < to; from = this.starts[rung]!) {
      const start = this.starts[rung]!
      let end = rung + 1
      if (this.#isHeavy(rung)) {
        const finer = this.#use(rung)
        const cut = finer?.cut(from - start, Math.min(to, this.starts[end]!) - start)
        pieces.push(...(cut?.pieces ?? []))
        heavy.push(...(cut?.heavy ?? [this.#heavyOf(rung)]))
      } else {
        while (this.starts[end]! < to && !this.#isHeavy(end)) end++
        const lines = Math.min(to, this.starts[end]!) - from
        pieces.push({ stretch: this.#stretchOf(rung, end), offset: from - start, lines })
      }
      rung = end
    }
    return { pieces, heavy }
  }

  /** The position of the first line of the rung in which a key is, and that rung; or what is to be counted before. */
  find(key: Key): { before: number; stretch: Stretch } | Heavy {
    const { from, to } = this.#counted
    const at = Math.min(to - 1, Math.max(from, this.scale.by === 'time' ? key.time : key.seq))
    const rung = Math.floor((at - from) / this.scale.width)
    const before = this.starts[rung]!
    if (!this.#isHeavy(rung)) return { before, stretch: this.#stretchOf(rung, rung + 1) }
    const found = this.#use(rung)?.find(key) ?? this.#heavyOf(rung)
    return 'before' in found ? { ...found, before: found.before + before } : found
  }

  refine(rung: number, finer: Ladder): void {
    this.#finer.set(rung, finer)
    if (this.#finer.size > mostFiner) this.#finer.delete(this.#finer.keys().next().value!)
  }

  /** The rung of the line at a position. */
  rungAt(position: number): number {
    let [low, high] = [0, this.starts.length - 2]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.starts[middle]! <= position) low = middle
      else high = middle - 1
    }
    return low
  }

  #isHeavy(rung: number) {
    const isSplittable = this.scale.by === 'time' || this.scale.width > 1
    return isSplittable && this.starts[rung + 1]! - this.starts[rung]! > mostLines
  }

  #heavyOf = (rung: number): Heavy => ({ ladder: this, rung, stretch: this.#stretchOf(rung, rung + 1) })

  #use(rung: number) {
    const finer = this.#finer.get(rung)
    if (finer) this.refine(rung, (this.#finer.delete(rung), finer))
    return finer
  }

  #stretchOf(rung: number, end: number): Stretch {
    const { scale, stretch } = this
    const part = {
      from: scale.from + rung * scale.width,
      to: Math.min(scale.from + end * scale.width, this.#counted.to)
    }
    return scale.by === 'time' ? { times: part, seqs: null } : { times: stretch.times, seqs: part }
  }
}
