interface Bucket {
  left: number
  at: number
}

const mostBuckets = 20_000

/**
 * What each key may take in a while, in the memory of this isolate: a limit against floods, not an account. A key may
 * overdraw once, since the size of a body is known only after it was read.
 */
export class Rates {
  readonly #perSecond: number
  readonly #burst: number
  readonly #buckets = new Map<string, Bucket>()

  constructor(perSecond: number, burst: number) {
    this.#perSecond = perSecond
    this.#burst = burst
  }

  /** Takes `amount` and returns 0, or takes nothing and returns the seconds until some is left. */
  take(key: string, amount: number, now: number): number {
    const bucket = this.#fill(key, now)
    if (bucket.left <= 0) return Math.max(1, -bucket.left / this.#perSecond)
    bucket.left -= amount
    return 0
  }

  /** Gives back what was taken and not used; takes more where it is negative. */
  give(key: string, amount: number, now: number): void {
    const bucket = this.#fill(key, now)
    bucket.left = Math.min(this.#burst, bucket.left + amount)
  }

  #fill(key: string, now: number): Bucket {
    let bucket = this.#buckets.get(key)
    if (bucket === undefined) {
      if (this.#buckets.size >= mostBuckets) this.#buckets.clear()
      this.#buckets.set(key, (bucket = { left: this.#burst, at: now }))
    }
    const gained = (Math.max(0, now - bucket.at) / 1000) * this.#perSecond
    bucket.left = Math.min(this.#burst, bucket.left + gained)
    bucket.at = now
    return bucket
  }
}
