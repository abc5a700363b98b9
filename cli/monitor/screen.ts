import type { ReadStream, WriteStream } from 'node:tty'
import { colored, draw, plain, type View } from './picture.ts'

const enter = '\u001b[?1049h\u001b[?25l\u001b[?7l'
const leave = '\u001b[?7h\u001b[?25h\u001b[?1049l'
/** Terminals that know these show what stands between them at once. */
const begin = '\u001b[?2026h'
const end = '\u001b[?2026l'

const smallest = { columns: 60, rows: 15 }
const keys = { interrupt: '\u0003', suspend: '\u001a' }

/** A screen of its own on a terminal, which is as it was once this is closed. */
export class Screen {
  readonly #output: WriteStream
  readonly #keys: ReadStream | null
  readonly #view: () => View
  readonly #onQuit: () => void
  #drawn = -Infinity

  /** `input` is null if keys are not read: the log comes from there. */
  constructor(output: WriteStream, input: ReadStream | null, view: () => View, onQuit: () => void) {
    this.#output = output
    this.#keys = input
    this.#view = view
    this.#onQuit = onQuit
    output.on('resize', this.#redraw)
    process.on('SIGCONT', this.#open)
    process.once('exit', this.close)
    input?.on('data', this.#press).resume()
    this.#open()
  }

  #open = () => {
    if (this.#keys?.isTTY) this.#keys.setRawMode(true)
    this.#output.write(enter)
    this.#redraw()
  }

  #press = (data: Buffer) => {
    const pressed = data.toString()
    if (pressed.includes(keys.interrupt) || /q/i.test(pressed)) this.#onQuit()
    else if (pressed.includes(keys.suspend)) {
      this.#restore()
      process.kill(process.pid, 'SIGTSTP')
    }
  }

  /** Draws at most once a second. */
  update(now: number): void {
    if (Math.floor(now / 1_000) === Math.floor(this.#drawn / 1_000)) return
    this.#drawn = now
    this.#redraw()
  }

  #redraw = () => {
    const { columns = smallest.columns, rows = smallest.rows } = this.#output
    const lines = draw(this.#view(), columns, rows, process.env.NO_COLOR ? plain : colored)
    const text = lines.map((line) => `${line}\u001b[K`).join('\r\n')
    this.#output.write(`${begin}\u001b[H${text}\u001b[J${end}`)
  }

  #restore(): void {
    if (this.#keys?.isTTY) this.#keys.setRawMode(false)
    this.#output.write(leave)
  }

  close = () => {
    this.#output.off('resize', this.#redraw)
    process.off('SIGCONT', this.#open)
    process.off('exit', this.close)
    this.#keys?.off('data', this.#press).pause()
    this.#restore()
  }
}
