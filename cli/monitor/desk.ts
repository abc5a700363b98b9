import { accept } from '../../src/lib/accept/accept.ts'
import { countRefusals } from '../../src/lib/accept/refusals.ts'
import type { Zone } from '../../src/lib/accept/zone.ts'
import type { Seen } from '../../src/lib/alert/matches.ts'
import { createEnricher } from '../../src/lib/enrich/enrich.ts'
import { bodyOf } from '../../src/lib/push/body.ts'
import { headerAfter, noHeader, type Header } from '../../src/lib/push/cut.ts'
import { lateness, secondOf, Session, type Event, type Watching } from './session.ts'
import { Sieve } from './sieve.ts'
import { Warnings } from './warnings.ts'

/** A clock may be so many seconds ahead of ours. */
const skew = 300

export interface DeskOptions extends Watching {
  /** Of times that name none. */
  zone: number | Zone
  /** Seconds that the evaluation stays behind the clock. */
  delay: number
  tell: (events: readonly Event[]) => void
  warn: (text: string) => void
  /** Hears of each request. */
  onRequest?: (hit: Seen, second: number) => void
}

interface Dated {
  second: number
  hit: Seen
}

/**
 * Takes lines and tells what becomes of them. What a log holds already is evaluated by the times of its lines; once it
 * is read, by the clock.
 */
export class Desk {
  readonly #options: DeskOptions
  readonly #warnings: Warnings
  readonly #sieve = new Sieve<Dated>(lateness)
  readonly #enrich = createEnricher({
    site: '',
    country: null,
    network: null,
    salt: () => new Uint8Array(32)
  })
  #header: Header = noHeader
  #ahead = 0
  #latest = -Infinity
  #first = Infinity
  session: Session | null = null
  isLive = false

  constructor(options: DeskOptions) {
    this.#options = options
    this.#warnings = new Warnings(options.warn)
  }

  /** Lines that are no requests, and requests that wrong clocks date ahead. */
  get left(): { wrong: number; ahead: number } {
    return { wrong: this.#warnings.total, ahead: this.#ahead + this.#sieve.ahead }
  }

  /** The seconds of the first and the last request; null without any. */
  get range(): { first: number; last: number } | null {
    return this.#first <= this.#latest ? { first: this.#first, last: this.#latest } : null
  }

  /** Notes what stands above the lines to come. */
  readHeader(lines: Uint8Array): void {
    this.#header = headerAfter(this.#header, lines)
  }

  take(lines: Uint8Array, now: number): void {
    if (lines.length > 0) this.takeHits(this.#read(lines, now), now)
  }

  /** Takes hits as they are; those that are no requests do not count. */
  takeHits(hits: readonly Seen[], now: number): void {
    const requests = hits.filter(({ kind }) => kind === 'request')
    const all = requests.map((hit) => ({ hit, second: secondOf(hit) }))
    const dated = all.filter(({ second }) => second <= now / 1_000 + skew)
    this.#ahead += all.length - dated.length
    if (this.isLive) this.#add(dated)
    else this.#add(dated.flatMap((line) => this.#sieve.take(line)))
    if (!this.isLive && this.session && this.#latest - lateness >= this.session.reached + lateness)
      this.#options.tell(this.session.reach(this.#latest - lateness))
  }

  #read(lines: Uint8Array, now: number): Seen[] {
    const { zone } = this.#options
    const body = bodyOf(lines, this.#header)
    this.readHeader(lines)
    const accepted = accept(body, { received: now, token: null, is_single: true, utc_offset: zone })
    const refused = countRefusals(accepted)
    if (refused > 0) this.#warnings.note(accepted.refusals[0]!.sample, refused, now)
    return [...accepted.hits.values()].flat().map((hit) => ({ ...hit, ...this.#enrich(hit) }))
  }

  #add(dated: readonly Dated[]): void {
    if (dated.length === 0) return
    const session = this.#open(dated.reduce((least, { second }) => Math.min(least, second), Infinity))
    for (const { hit, second } of dated) {
      session.add(hit)
      this.#options.onRequest?.(hit, second)
      this.#first = Math.min(this.#first, second)
      this.#latest = Math.max(this.#latest, second)
    }
  }

  #open(from: number): Session {
    if (this.session) return this.session
    this.session = new Session(this.#options, from)
    // What was before the first lines is not looked at.
    this.session.reached = from - 1
    return this.session
  }

  /** Whether the last request was made lately: then a stream that pauses is one that goes on as requests are made. */
  isRecent(now: number): boolean {
    return this.#latest > now / 1_000 - lateness
  }

  /** Evaluates by the clock from now on: nothing more is there to be read. */
  goLive(now: number): void {
    if (this.isLive) return
    this.#add(this.#sieve.end())
    this.#open(this.#secondAt(now) + 1)
    this.isLive = true
    this.tick(now)
  }

  /** Looks at the seconds that are over. */
  tick(now: number): void {
    if (this.isLive) this.#options.tell(this.session!.reach(this.#secondAt(now)))
    this.#warnings.tick(now)
  }

  /** The last second that has been over for as long as the delay. */
  #secondAt = (now: number) => Math.floor(now / 1_000) - this.#options.delay - 1

  /** Evaluates all that was read. */
  end(now: number): void {
    this.#add(this.#sieve.end())
    this.#warnings.end(now)
    const { session } = this
    if (!session) return
    const clock = Math.floor(now / 1_000)
    // What is followed goes on, so nothing is known of the seconds to come.
    if (this.isLive) this.#options.tell(session.end(Math.min(this.#latest, clock), session.reached))
    else this.#options.tell(session.end(this.#latest, clock))
  }
}
