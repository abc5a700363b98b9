import { count } from '../count.ts'
import type { Refusal } from '../../src/lib/push/judge.ts'

/** What became of a log, or of several. */
export class Tally {
  accepted = 0
  duplicate = 0
  rejected = 0
  /** Hits by the format of their line, as far as a dry run knows. */
  readonly formats = new Map<string, number>()
  /** Some messages of refusals, with a record each. */
  readonly reasons = new Map<string, string>()

  add(counts: Pick<Tally, 'accepted' | 'duplicate' | 'rejected'>, errors: readonly Refusal[] = []): void {
    this.accepted += counts.accepted
    this.duplicate += counts.duplicate
    this.rejected += counts.rejected
    for (const { reason, message } of errors)
      if (this.reasons.size < 3 && !this.reasons.has(reason)) this.reasons.set(reason, message)
  }

  addFormat(name: string, hits: number): void {
    this.formats.set(name, (this.formats.get(name) ?? 0) + hits)
  }

  merge(other: Tally): void {
    this.add(other)
    for (const [name, hits] of other.formats) this.addFormat(name, hits)
    for (const [reason, message] of other.reasons)
      if (this.reasons.size < 3) this.reasons.set(reason, message)
  }

  get records(): number {
    return this.accepted + this.duplicate + this.rejected
  }

  /** "10 hits, 2 counted before, 1 refused". */
  describe(): string {
    return [
      count(this.accepted, 'hit'),
      ...(this.duplicate ? [`${this.duplicate.toLocaleString('en')} counted before`] : []),
      ...(this.rejected ? [`${this.rejected.toLocaleString('en')} refused`] : [])
    ].join(', ')
  }
}

/** The formats of the lines, the most frequent first. */
export const describeFormats = ({ formats }: Tally): string[] =>
  [...formats].sort(([, a], [, b]) => b - a).map(([name, hits]) => `  ${name}: ${count(hits, 'hit')}`)
