import { count } from '../count.ts'

/** Ms between two warnings. */
const pause = 1_000
const longest = 200

/** Tells of wrong lines, at most once a second: one as it is, and how many more there were. */
export class Warnings {
  total = 0
  readonly #tell: (text: string) => void
  #last = -Infinity
  #untold = 0

  constructor(tell: (text: string) => void) {
    this.#tell = tell
  }

  /** Notes `lines` wrong lines, of which `first` is one. */
  note(first: string, lines: number, now: number): void {
    this.total += lines
    this.#untold += lines
    if (now - this.#last < pause) return
    const more = this.#untold > 1 ? `, and ${count(this.#untold - 1, 'more line')}` : ''
    this.#say(`${first.slice(0, longest)}${more}`, now)
  }

  /** Tells of those that came too soon after a warning, once it is time. */
  tick(now: number): void {
    if (this.#untold > 0 && now - this.#last >= pause) this.end(now)
  }

  end(now: number): void {
    if (this.#untold > 0) this.#say(count(this.#untold, 'more line'), now)
  }

  #say(what: string, now: number): void {
    this.#tell(`Wrong log format for ${what}`)
    this.#last = now
    this.#untold = 0
  }
}
