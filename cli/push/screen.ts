import type { Progress } from './progress.ts'

/** How often a terminal and a log are told of the progress, in ms. */
const period = { terminal: 250, log: 15_000 }

/** Shows the progress on a terminal as one line that changes, elsewhere as a line now and then. */
export class Screen {
  readonly #progress: Progress
  readonly #isTerminal = process.stderr.isTTY
  readonly #timer: NodeJS.Timeout
  readonly #isShown: boolean
  #said = ''

  /** A log that is followed for days has no progress that is worth a line of a log. */
  constructor(progress: Progress, isFollowing: boolean) {
    this.#progress = progress
    this.#isShown = this.#isTerminal || !isFollowing
    this.#timer = setInterval(() => this.#show(), this.#isTerminal ? period.terminal : period.log)
    this.#timer.unref()
  }

  #show(): void {
    if (!this.#isShown) return
    const line = this.#progress.line(Date.now())
    if (this.#isTerminal)
      process.stderr.write(`\r\u001b[K${line.slice(0, (process.stderr.columns || 80) - 1)}`)
    else console.error(line)
  }

  /** Says something that stays, above the progress. */
  say(text: string): void {
    this.#clear()
    // A line of a log may try to command the terminal.
    console.error(text.replace(/[^\P{C}\n]/gu, '\ufffd'))
  }

  /** Says something unless it was said last. */
  sayOnce(text: string): void {
    if (this.#said !== text) this.say(text)
    this.#said = text
  }

  #clear(): void {
    if (this.#isTerminal) process.stderr.write('\r\u001b[K')
  }

  close(): void {
    clearInterval(this.#timer)
    this.#clear()
  }
}
