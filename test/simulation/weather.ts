import type { Random } from './random.ts'

/** How likely each fault is wherever it can happen. */
export const hazards = {
  /** The object ends, at a call or after it. */
  crash: 0.004,
  /** The object is replaced by another one and runs on. */
  displace: 0.002,
  /** A second server starts on the same storage, for a while. */
  split: 0.01,
  /** An object that waits for a moment waits for minutes. */
  stall: 0.02,
  /** The object ends before a statement. */
  tear: 0.002,
  /** Storage takes no more, for a while. */
  full: 0.0005,
  /** A call does not reach the object. */
  callLost: 0.04,
  /** The object does what it is asked, and nobody hears of it. */
  answerLost: 0.04,
  /** The Worker ends after the object has answered. */
  workerLost: 0.03,
  /** The bucket does nothing and says so. */
  refused: 0.02,
  /** The bucket does what it is asked and says it did not. */
  unheard: 0.02,
  /** The bucket gives up, and does it after all, up to two days later. */
  late: 0.015,
  /** The bucket takes minutes or hours. */
  slow: 0.02,
  /** The bucket never answers an object, whether or not it does what it is asked. */
  silent: 0.01,
  /** A path in an object is read wrong. */
  misread: 0.02,
  /** An alarm never rings. */
  alarmLost: 0.03,
  /** An alarm rings again, at once or later. */
  alarmTwice: 0.15,
  /** An object starts where the clock is another one. */
  skew: 0.2,
  /** A batch holds hits that nobody can read. */
  poison: 0.3
} as const

export type Hazard = keyof typeof hazards

/** The faults of one history: some hazards, each as rough as chance will have it. */
export class Weather {
  readonly #random: Random
  #shares: Partial<Record<Hazard, number>> = {}
  /** The bucket is away until then, or only takes nothing new. */
  awayUntil = 0
  isReadable = false
  /** Storage is full until then. */
  fullUntil = 0

  constructor(random: Random) {
    this.#random = random
    if (random.chance(0.05)) return
    for (const [hazard, share] of Object.entries(hazards))
      if (random.chance(0.5)) this.#shares[hazard as Hazard] = share * 10 ** (random.next() * 1.4 - 0.9)
  }

  strikes(hazard: Hazard): boolean {
    return this.#random.chance(this.#shares[hazard] ?? 0)
  }

  /** From now on this goes wrong no more. */
  spare(hazard: Hazard): void {
    delete this.#shares[hazard]
  }

  /** From now on nothing goes wrong. */
  clear(): void {
    this.#shares = {}
    this.awayUntil = this.fullUntil = 0
  }
}
