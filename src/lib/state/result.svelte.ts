import { asError } from './session.svelte.ts'

/** The answer to one question. What was last known stays until the next answer is there. */
export class Result<Row> {
  rows = $state.raw<Row[] | null>(null)
  error = $state.raw<Error | null>(null)
  isPending = $state(false)
  #turn = 0

  /** Another question is to come, of which nothing is known. */
  forget() {
    this.#turn++
    this.rows = this.error = null
  }

  /** Does nothing where nothing can be asked yet. */
  async ask(question: (() => Promise<Row[]>) | null) {
    if (!question) return
    const turn = ++this.#turn
    this.isPending = true
    try {
      const rows = await question()
      if (turn !== this.#turn) return
      this.rows = rows
      this.error = null
    } catch (error) {
      if (turn !== this.#turn) return
      // A newer selection is on its way, and with it a newer question.
      if (error instanceof Error && error.name === 'Superseded') return
      this.error = asError(error)
    }
    this.isPending = false
  }
}
