import { retryDelay } from './schedule.ts'
import { forgetState, readState, writeState } from './state.ts'
import type { Storage } from './storage.ts'

/** Alarms that failed in a row. Storage holds them, so that an object that starts again goes on waiting. */
export class BackOff {
  readonly #storage: Storage
  #failures = 0
  #until = 0

  constructor(storage: Storage) {
    this.#storage = storage
  }

  /** Reads what the object before this one has left. */
  load(): void {
    this.#failures = readState(this.#storage, 'failures') ?? 0
    this.#until = readState(this.#storage, 'retry_at') ?? 0
  }

  /** When the next try is due, in ms since 1970; null if the last alarm did not fail. */
  next(now: number): number | null {
    // The clock may have been days ahead when the alarm failed.
    return this.#failures ? Math.min(this.#until, now + retryDelay(this.#failures)) : null
  }

  /** Counts a failure. If storage takes no write, this object alone remembers it. */
  fail(now: number): void {
    this.#failures++
    this.#until = now + retryDelay(this.#failures)
    this.#storage.transaction(() => {
      writeState(this.#storage, 'failures', this.#failures)
      writeState(this.#storage, 'retry_at', this.#until)
    })
  }

  end(): void {
    if (!this.#failures) return
    this.#failures = 0
    forgetState(this.#storage, 'failures')
  }
}
