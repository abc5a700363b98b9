import type { Period } from '#lib/time/period.ts'
import { isLong, type Timing } from '#lib/time/buckets.ts'
import type { Query } from '#lib/ask/query.ts'
import { counterparts, passedOf } from '#lib/time/counterpart.ts'
import { known, remember } from '#lib/state/known.ts'
import { asError } from '#lib/state/session.svelte.ts'
import { figuresOf, nearestSql, splits, type FiguresRow } from './figures.ts'

/** What the chart and the arches are asked for. */
interface Question {
  /** The range, its stretch that counts, and what it is compared with: null where that is not on this device. */
  range: Period
  stretch: Period | null
  previous: Period | null
  edges: readonly number[]
  timing: Timing
  /** Nothing is known of what comes after it. */
  horizon: number
}

/** The rows of an answer with the question, since the view may already ask something else. */
export interface Answer extends Question {
  now: readonly FiguresRow[]
  before: readonly FiguresRow[] | null
  nearest: { before: number | null; after: number | null } | null
  /** When it was given; shown where nothing newer is known yet. */
  at: number
}

class Timeline {
  answer = $state.raw<Answer | null>(null)
  error = $state.raw<Error | null>(null)
  isPending = $state(false)
  /** What is shown is from an earlier visit. */
  isOld = $state(false)
  /** Whether no hit at all is counted: no panel has anything to say then. */
  isNothing = $derived(this.answer !== null && !this.answer.now.some((row) => row.is_counted))
  #turn = 0

  recall(key: string) {
    this.#turn++
    this.error = null
    this.answer = known<Answer>(key)
    this.isOld = this.answer !== null
  }

  async ask(query: Query | null, question: Question, key: string) {
    if (!query) return
    const turn = ++this.#turn
    this.isPending = true
    try {
      const { range, stretch } = question
      const now = await query.ask<FiguresRow>(figuresOf('chart', stretch, isLong(range)))
      const nearest = now.length
        ? null
        : ((await query.ask<NonNullable<Answer['nearest']>>(nearestSql))[0] ?? null)
      const isSame = this.answer?.timing === question.timing && this.answer.previous === question.previous
      const before = isSame ? (this.answer?.before ?? null) : null
      if (turn !== this.#turn) return
      this.answer = { ...question, now, before, nearest, at: Date.now() }
      this.isOld = false
      this.error = null
      await this.#compare(query, question, turn)
      if (turn === this.#turn && this.answer.now.length) remember(key, this.answer)
    } catch (error) {
      if (turn !== this.#turn) return
      // A newer selection is on its way, and with it a newer question.
      if (error instanceof Error && error.name === 'Superseded') return
      this.error = asError(error)
    }
    this.isPending = false
  }

  async #compare(query: Query, question: Question, turn: number) {
    const { range, stretch, previous, timing, horizon } = question
    if (!previous) return
    const before = await query.ask<FiguresRow>(
      figuresOf('chart_previous', passedOf(range, stretch, previous, timing.zone, horizon), isLong(range))
    )
    if (turn === this.#turn && this.answer) this.answer = { ...this.answer, before }
  }
}

/** The figures of an answer, bucket by bucket, beside those of the range it is compared with. */
export function read(answer: Answer) {
  const { now, before, edges, range, previous, timing } = answer
  const starts = edges.slice(0, -1)
  const others = previous ? counterparts(starts, range, previous, timing) : []
  return { now: splits(now, starts), before: before && previous ? splits(before, others) : null }
}

export const timeline = new Timeline()
