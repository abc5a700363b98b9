import { accept } from '../../src/lib/accept/accept.ts'
import { bodyOf } from './body.ts'
import type { Gate } from '../../src/lib/push/gate.ts'
import type { Preview, Refusal } from '../../src/lib/push/judge.ts'
import type { Ledger } from './ledger.ts'
import type { Progress } from './progress.ts'
import type { Receiver } from './receiver.ts'
import { appendRefused } from './refused-file.ts'
import { findRefused } from './refused.ts'
import type { Source } from './sources.ts'
import type { Tally } from './tally.ts'
import { TooLarge, Unreadable } from '../../src/lib/push/unreadable.ts'
import { keyOf, type Batch, type Walked } from '../../src/lib/push/walk.ts'

/** What all logs of a push have in common. */
export interface Push {
  receiver: Receiver
  ledger: Ledger
  /** Batches that are on their way at a time. */
  gate: Gate
  progress: Progress
  service: string | undefined
  isDry: boolean
  isAgain: boolean
  isFollowing: boolean
  /** Why sending stopped, for all logs. */
  stopped: Error | null
}

/** What became of a log. */
export interface Report {
  source: Source
  tally: Tally
  /** How far it was read, or why it was not. */
  walked: Walked | 'same' | 'missing'
  /** Where its refused lines are. */
  refused: string | null
}

type Stored = Pick<Batch, 'text' | 'header' | 'isResent'>

/** The batches of one log that are on their way. */
export class Sending {
  readonly #push: Push
  readonly #report: Omit<Report, 'walked'>
  readonly #underway = new Set<Promise<void>>()
  #failed: Unreadable | null = null

  constructor(push: Push, report: Omit<Report, 'walked'>) {
    this.#push = push
    this.#report = report
  }

  /** Takes a batch once there is room for it. */
  async take(batch: Batch): Promise<void> {
    const { gate, ledger, isDry } = this.#push
    const leave = await gate.enter()
    try {
      this.#goOn()
      if (batch.start === 0 && !this.#isLive(batch)) await this.#check(batch)
      if (batch.start === 0 && !isDry) ledger.noteBegun(this.#report.source.name)
    } catch (error) {
      leave()
      throw error
    }
    const sent = this.#send(batch)
      .catch((error: Error) => this.#note(error))
      .finally(() => {
        leave()
        this.#underway.delete(sent)
      })
    this.#underway.add(sent)
  }

  /** The first lines of a log that has just begun: they say too little of it, and happened now. */
  #isLive({ text }: Batch): boolean {
    return this.#push.isFollowing && text.length < fewBytes
  }

  #note(error: Error): void {
    if (error instanceof Unreadable) this.#failed ??= error
    else this.#push.stopped ??= error
  }

  #goOn(): void {
    const error = this.#push.stopped ?? this.#failed
    if (error) throw error
  }

  /** Waits for all batches. Throws if one of them failed. */
  async finish(): Promise<void> {
    await Promise.all(this.#underway)
    this.#goOn()
  }

  /** Throws `Unreadable` if nothing of the first lines would become a right hit. */
  async #check({ text, header }: Batch): Promise<void> {
    const { receiver, service } = this.#push
    const few = text.subarray(0, text.lastIndexOf(0x0a, firstLook) + 1)
    for (const some of few.length > 0 && text.length > firstLook ? [few, text] : [text]) {
      const preview = await receiver.preview(bodyOf(some, header, service))
      if (preview.sites.some(({ accepted }) => accepted > 0)) return checkTimes(preview)
      if (some === text) throw new Unreadable(describeUnread(preview.errors))
    }
  }

  async #send(batch: Batch): Promise<void> {
    const { ledger, progress, isDry } = this.#push
    const before = this.#report.tally.records
    if (isDry) await this.#preview(batch)
    else {
      await this.#store(batch, keyOf(batch))
      ledger.finish(batch)
    }
    progress.answer(this.#report.tally.records - before, Date.now())
  }

  /** Stores a batch, or its halves where the Worker takes less at once. */
  async #store(batch: Stored, key: string): Promise<void> {
    const { receiver, service } = this.#push
    const { text } = batch
    try {
      const counts = await receiver.send(bodyOf(text, batch.header, service), key)
      this.#report.tally.add(counts, counts.errors)
      const isKnown = batch.isResent && counts.duplicate === counts.received
      const rejected = isKnown ? await this.#countRefused(batch) : counts.rejected
      if (rejected > 0) await this.#keepRefused(batch, rejected)
    } catch (error) {
      const middle = text.lastIndexOf(0x0a, text.length >> 1) + 1
      if (!(error instanceof TooLarge) || middle === 0) throw error
      await this.#store({ ...batch, text: text.subarray(0, middle) }, `${key}/1`)
      await this.#store({ ...batch, text: text.subarray(middle) }, `${key}/2`)
    }
  }

  async #preview({ text, header }: Batch): Promise<void> {
    const { receiver, service } = this.#push
    const { tally } = this.#report
    const body = bodyOf(text, header, service)
    const { sites, rejected, errors } = await receiver.preview(body)
    const accepted = sites.reduce((sum, site) => sum + site.accepted, 0)
    tally.add({ accepted, duplicate: 0, rejected }, errors)
    let named = 0
    for (const [shape, hits] of countShapes(body)) {
      const taken = Math.min(hits, accepted - named)
      named += taken
      if (taken > 0) tally.addFormat(shape, taken)
    }
    if (accepted > named) tally.addFormat('a format of the site', accepted - named)
  }

  /** How many records of a batch the Worker refused when it took the batch: it says so only once. */
  async #countRefused({ text, header }: Stored): Promise<number> {
    const { receiver, service } = this.#push
    return (await receiver.preview(bodyOf(text, header, service))).rejected
  }

  async #keepRefused({ text, header, isResent }: Stored, rejected: number): Promise<void> {
    const { receiver, service } = this.#push
    const ask = async (body: Uint8Array) => (await receiver.preview(body)).rejected
    const lines = await findRefused(text, header, { rejected, ask, service })
    if (lines === null) return
    this.#report.refused = await appendRefused(this.#report.source.refused, lines, isResent)
  }
}

/** Bytes of a log that are looked at before the first batch. */
const firstLook = 1 << 16
const fewBytes = 1 << 12

/** Throws if the hits have no time of their own: an old log would count as of now. */
function checkTimes({ sites }: Preview): void {
  const flags = sites.flatMap(({ hits }) => hits.map(({ flags }) => flags?.split(',') ?? []))
  if (flags.every((words) => words.includes('no_zone')))
    throw new Unreadable(
      'its times name no time zone, so its lines would count as of now. Choose the zone of the site under Settings, then push again.'
    )
  if (flags.every((words) => words.includes('no_time')))
    throw new Unreadable('its lines name no time, so they would count as of now. Log the time as well.')
}

function describeUnread(errors: readonly Refusal[]): string {
  if (errors[0]?.reason === 'site')
    return 'its lines name no site, and the token is for all sites. Say which one: --site NAME'
  const lines = errors.slice(0, 3).map(({ message, sample }) => {
    const isShown = message.includes(sample.slice(0, 16))
    return `\n  ${message}${isShown ? '' : `\n    ${sample.slice(0, 160)}`}`
  })
  return `the Worker can read none of its first lines, and nothing of it was stored:${lines.join('')}`
}

function countShapes(body: Uint8Array): Map<string, number> {
  const { hits } = accept(body, { received: Date.now(), token: null, is_single: true })
  const shapes = new Map<string, number>()
  for (const own of hits.values())
    for (const { shape } of own) shapes.set(shape, (shapes.get(shape) ?? 0) + 1)
  return shapes
}
