import { asError, session } from '#lib/state/session.svelte.ts'

/** Something the user has asked for: running, done, or failed for a reason. */
export class Task {
  isBusy = $state(false)
  isDone = $state(false)
  error = $state.raw<Error | null>(null)

  /** Returns whether it came to its end. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    this.isBusy = true
    this.isDone = false
    this.error = null
    try {
      await work()
      this.isDone = true
    } catch (error) {
      this.error = session.meets(error) ? null : asError(error)
    }
    this.isBusy = false
    return this.isDone
  }
}
