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

  keep(page: number, lines: readonly Line[]): void {
    this.#pages.set(page, lines)
    if (this.#pages.size > mostPages) this.#pages.delete(this.#pages.keys().next().value!)
  }

  /** The first page that is still to be read of a run of `lines` lines; then of what is near it. */
  missing({ from, to }: Run, lines: number): number | undefined {
    const seen = pagesOf({ from, to }, lines)
    for (const page of seen) {
      const read = this.#pages.get(page)
      if (read && this.#pages.delete(page)) this.#pages.set(page, read)
    }
    const near = pagesOf({ from: from - pageLines / 2, to: to + pageLines / 2 }, lines)
    return [...seen, ...near].find((page) => !this.#pages.has(page))
  }
}

/** The pages that a run is on. */
export function pagesOf({ from, to }: Run, lines: number): number[] {
  const first = Math.floor(Math.max(0, from) / pageLines)
  const last = Math.ceil(Math.min(lines, to) / pageLines)
  return Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i)
}

/** The positions on a page. */
export const runOf = (page: number, lines: number): Run => ({
  from: page * pageLines,
  to: Math.min(lines, (page + 1) * pageLines)
})
