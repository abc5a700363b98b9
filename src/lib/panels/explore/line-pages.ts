import type { Line } from './log.ts'

const pageLines = 100
/** Pages that are kept, the last used. */
const mostPages = 60

/** Positions, the last one excluded. */
export interface Run {
  readonly from: number
  readonly to: number
}

/** Lines that were read, by pages: memory stays the same however many are passed by. */
export class LinePages {
  readonly #pages = new Map<number, readonly Line[]>()

  at(position: number): Line | null {
    return this.#pages.get(Math.floor(position / pageLines))?.[position % pageLines] ?? null
  }

  /** Keeps the lines of whole pages. A page that turns out to be shorter counts as read, too. */
  keep({ from, to }: Run, lines: readonly Line[]): void {
    for (let at = from; at < to; at += pageLines) {
      this.#pages.set(at / pageLines, lines.slice(at - from, at - from + pageLines))
      if (this.#pages.size > mostPages) this.#pages.delete(this.#pages.keys().next().value!)
    }
  }

  /** What is to be read next for a run of `lines` lines: all that is missing in it at once, then a page near it. */
  missing({ from, to }: Run, lines: number): Run | undefined {
    const seen = pagesOf({ from, to }, lines)
    for (const page of seen) {
      const read = this.#pages.get(page)
      if (read && this.#pages.delete(page)) this.#pages.set(page, read)
    }
    const isMissing = (page: number) => !this.#pages.has(page)
    const first = seen.find(isMissing)
    if (first !== undefined) return runOf(first, seen.findLast(isMissing)!, lines)
    const near = pagesOf({ from: from - pageLines / 2, to: to + pageLines / 2 }, lines).find(isMissing)
    return near === undefined ? undefined : runOf(near, near, lines)
  }
}

/** The pages that a run is on. */
export function pagesOf({ from, to }: Run, lines: number): number[] {
  const first = Math.floor(Math.max(0, from) / pageLines)
  const last = Math.ceil(Math.min(lines, to) / pageLines)
  return Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i)
}

/** The positions on the pages from `first` to `last`. */
export const runOf = (first: number, last: number, lines: number): Run => ({
  from: first * pageLines,
  to: Math.min(lines, (last + 1) * pageLines)
})
