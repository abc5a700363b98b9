import type { Key } from './ladder.ts'

const most = 500

const read = (site: string): Key[] => {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(`marks:${site}`) ?? '[]')
    if (!Array.isArray(kept)) return []
    return kept.filter((mark) => Number.isSafeInteger(mark?.time) && Number.isSafeInteger(mark?.seq))
  } catch {
    return []
  }
}

/** The lines of a site that are marked, on this device, in the order of their times. */
class LineMarks {
  current = $state.raw<readonly Key[]>([])
  #site = ''

  open(site: string) {
    this.#site = site
    this.current = read(site)
  }

  has = (seq: number) => this.current.some((mark) => mark.seq === seq)

  toggle({ time, seq }: Key) {
    const others = this.current.filter((mark) => mark.seq !== seq)
    this.#keep(others.length < this.current.length ? others : [...others, { time, seq }].slice(-most))
  }

  clear = () => this.#keep([])

  #keep(marks: readonly Key[]) {
    this.current = marks.toSorted((a, b) => a.time - b.time || a.seq - b.seq)
    localStorage.setItem(`marks:${this.#site}`, JSON.stringify(this.current))
  }
}

export const lineMarks = new LineMarks()
