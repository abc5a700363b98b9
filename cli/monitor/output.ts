import { appendFileSync } from 'node:fs'
import type { MonitorConfig } from '../../src/lib/alert/config-file.ts'
import type { Wall } from '../../src/lib/alert/mute.ts'
import type { Event } from './session.ts'

/** The output cannot be written. */
export class Unwritable extends Error {}

export type Level = 'DEBUG' | 'INFO' | 'WARNING'

/** Writes statistics and alerts to the output that the configuration names. */
export class Output {
  readonly #config: MonitorConfig
  readonly #wall: Wall
  readonly #hasScreen: boolean

  /** With a screen, nothing else is written to the terminal. */
  constructor(config: MonitorConfig, wall: Wall, hasScreen: boolean) {
    this.#config = config
    this.#wall = wall
    this.#hasScreen = hasScreen
    // A file that cannot be written is known at once.
    for (const file of [config.displayer === 'file' ? config.file : null, config.logging.toFile])
      if (file !== null) append(file, '')
  }

  tell(events: readonly Event[]): void {
    if (events.length === 0) return
    const { displayer, file } = this.#config
    if (displayer === 'log')
      for (const { is, text } of events) this.log(is === 'fired' ? 'WARNING' : 'INFO', text)
    else {
      const text = events.map(({ text }) => `${printable(text)}\n`).join('')
      if (displayer === 'file') append(file!, text)
      else if (!this.#hasScreen) process.stdout.write(text)
    }
  }

  /** Writes a line of the log: with its time and its level. */
  log(level: Level, text: string, now = Date.now()): void {
    const { debug, toStdout, toFile } = this.#config.logging
    if (level === 'DEBUG' && !debug) return
    const line = `${new Date(this.#wall(now)).toISOString().slice(0, 19)} ${level} ${printable(text)}\n`
    if (toFile !== null) append(toFile, line)
    if (toStdout && !this.#hasScreen) process.stdout.write(line)
    const isElsewhere = toFile !== null || toStdout || (this.#hasScreen && process.stderr.isTTY)
    if (!isElsewhere) process.stderr.write(line)
  }
}

/** A line of a log may try to command the terminal. */
export const printable = (text: string) => text.replace(/[^\P{C}]|[\u2028\u2029]/gu, '\ufffd')

function append(file: string, text: string): void {
  try {
    appendFileSync(file, text)
  } catch (error) {
    throw new Unwritable(`${file} can't be written: ${(error as Error).message}`, { cause: error })
  }
}
