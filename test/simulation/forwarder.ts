import { toLogRows } from '../../workers/store/log-row.ts'
import type { Batch, Outcome } from '../../workers/store/log.ts'
import type { Intake } from './intake.ts'
import type { Ledger, Line } from './ledger.ts'
import { clock, type World } from './world.ts'

export type Deliver = (batch: Batch) => Promise<Outcome>

/** How a forwarder tells its lines and batches apart. */
export type Manner = 'keys' | 'ids' | 'neither'

/** From so many records on, the Worker makes a key of a batch's bytes. */
const keyedFrom = 10
const day = 86_400_000

/** Sends lines until each is acknowledged, as a forwarder does that may restart and forget what it had sent. */
export class Forwarder {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #intake: Intake
  readonly #deliver: Deliver
  readonly #manner: Manner
  readonly #name: string
  #waiting: Line[][] = []
  #isSending = false

  constructor(world: World, ledger: Ledger, intake: Intake, deliver: Deliver, manner: Manner, name: string) {
    this.#world = world
    this.#ledger = ledger
    this.#intake = intake
    this.#deliver = deliver
    this.#manner = manner
    this.#name = name
  }

  /** Everything it has is acknowledged. */
  get isDone(): boolean {
    return !this.#waiting.length
  }

  /** Takes new lines and sends them, unless it is at it. */
  take(count: number): void {
    const { random, schedule } = this.#world
    const isKnown = this.#manner !== 'neither'
    const lines = Array.from({ length: count }, () =>
      this.#ledger.create(random, schedule.now, isKnown, this.#manner === 'ids', this.#intake.isZoned())
    )
    this.#waiting.push(lines)
    if (!this.#isSending) void this.#send()
  }

  async #send(): Promise<void> {
    const { random, schedule } = this.#world
    this.#isSending = true
    for (let tries = 0; this.#waiting.length;) {
      if (this.#manner === 'ids' && random.chance(0.3)) this.#cutAnew()
      const lines = this.#waiting[0]!
      if (await this.#post(lines)) {
        tries = 0
        this.#waiting.splice(this.#waiting.indexOf(lines), 1)
        if (this.#manner !== 'neither' && random.chance(0.06)) this.#repeat(lines)
      } else await schedule.wait(random.spread(500, 10_000 * 2 ** Math.min(tries++, 10)))
    }
    this.#isSending = false
  }

  /** After a restart the same lines come in other batches, some of them twice. */
  #cutAnew(): void {
    const { random } = this.#world
    const lines = this.#waiting.flat()
    this.#waiting = []
    while (lines.length) this.#waiting.push(lines.splice(0, random.between(1, 20)))
  }

  /** It lost its place in the file, and sends what was acknowledged once more. */
  #repeat(lines: Line[]): void {
    const { random, schedule } = this.#world
    const [few, again] =
      this.#manner === 'ids'
        ? [lines.slice(random.between(0, lines.length - 1)), 1.5 * day]
        : [lines, 5 * day]
    schedule.at(schedule.now + random.spread(100, again), () => {
      this.#waiting.push(few)
      if (!this.#isSending) void this.#send()
    })
  }

  /** One POST; false when nobody said that it was stored. */
  async #post(lines: Line[]): Promise<boolean> {
    const { random, schedule, weather, tell } = this.#world
    for (const line of lines) {
      line.sends++
      line.firstSent = Math.min(line.firstSent, schedule.now)
      line.lastSent = schedule.now
    }
    const batch = this.#batch(lines)
    const numbers = `${lines[0]!.number}–${lines.at(-1)!.number}`
    const answer = this.#deliver(batch).then(
      (outcome) => {
        this.#check(batch, outcome)
        return !weather.strikes('workerLost')
      },
      (error: unknown) => (tell(`${this.#name}: ${numbers} failed: ${String(error)}`), false)
    )
    const patience = random.spread(200, 60_000)
    const isStored = await Promise.race([answer, schedule.wait(patience).then(() => false)])
    tell(`${this.#name}: ${numbers} ${isStored ? 'acknowledged' : 'not acknowledged'}`)
    if (isStored) for (const line of lines) line.acknowledged ??= schedule.now
    return isStored
  }

  #batch(lines: Line[]): Batch {
    const { random, weather } = this.#world
    const now = clock(this.#world) + random.between(-3_000, 3_000)
    const { received, hits } = this.#intake.take(lines, now, this.#name)
    const rows = toLogRows(hits)
    if (this.#manner === 'keys' && lines[0]!.sends === 1 && weather.strikes('poison'))
      for (const line of lines) line.isPoison = true
    if (lines.some(({ isPoison }) => isPoison)) for (const row of rows) row.hits = row.hits.slice(0, 9)
    const refusals = Array.from({ length: lines[0]!.number % 7 === 0 ? 2 : 0 }, (_, index) => ({
      index,
      reason: 'json',
      message: 'text is not JSON',
      sample: '{',
      raw: '{'
    }))
    const hasKey = this.#manner === 'keys' || (this.#manner === 'ids' && lines.length >= keyedFrom)
    return {
      key: hasKey ? lines.map(({ number }) => number).join() : null,
      received,
      token: this.#name,
      rows,
      refusals
    }
  }

  #check({ rows, refusals }: Batch, { received, accepted, duplicate, rejected }: Outcome): void {
    const sent = rows.reduce((sum, row) => sum + row.rows, 0) + refusals.length
    const isRepeat = duplicate === sent && sent > 0
    const isExact = received === sent && accepted + duplicate + rejected === sent
    if (!isExact || (rejected !== refusals.length && !isRepeat))
      this.#world.violate(`of ${sent} records ${JSON.stringify({ received, accepted, duplicate, rejected })}`)
  }
}
