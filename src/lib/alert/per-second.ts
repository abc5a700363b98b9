/** What is counted, row by row in the order of `second`; a second may have several rows, or none. */
export interface PerSecond {
  /** Seconds since 1970. */
  readonly second: ArrayLike<number>
  /** Hits that pass the filter of a rule. */
  readonly hits: ArrayLike<number>
  /** Hits that it is a share of, or that there were in earlier weeks. */
  readonly base: ArrayLike<number>
  /** What hits have in common: a bin of latency, or a value that is told apart. */
  readonly key: ArrayLike<number>
}
