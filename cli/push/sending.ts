import { accept } from '../../src/lib/accept/accept.ts'
import { bodyOf } from '../../src/lib/push/body.ts'
import { lookFirst } from '../../src/lib/push/first-look.ts'
import type { Gate } from '../../src/lib/push/gate.ts'
import type { Counts } from '../../src/lib/push/judge.ts'
import type { Receiver } from '../../src/lib/push/receiver.ts'
import { storeBatch } from '../../src/lib/push/store-batch.ts'
import { NoSite, Unreadable } from '../../src/lib/push/unreadable.ts'
import type { Batch, Walked } from '../../src/lib/push/walk.ts'
import type { Ledger } from './ledger.ts'
import type { Progress } from './progress.ts'
import { appendRefused } from './refused-file.ts'
import { findRefused } from './refused.ts'
import type { Source } from './sources.ts'
import { describeFormats, Tally } from './tally.ts'

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
    const { gate, ledger, receiver, service, isDry } = this.#push
    const leave = await gate.enter()
    try {
      this.#goOn()
      if (batch.start === 0 && !this.#isLive(batch))
        await lookFirst(batch, receiver, service).catch((error: unknown) => {
          throw isDry && error instanceof NoSite ? withFormats(error, batch) : error
        })
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

  async #send(batch: Batch): Promise<void> {
    const { receiver, ledger, progress, service, isDry } = this.#push
    const before = this.#report.tally.records
    if (isDry) await this.#preview(batch)
    else {
      await storeBatch(receiver, batch, (part, counts) => this.#take({ ...batch, ...part }, counts), service)
      ledger.finish(batch)
    }
    progress.answer(this.#report.tally.records - before, Date.now())
  }

  async #take(batch: Stored, counts: Counts): Promise<void> {
    this.#report.tally.add(counts, counts.errors)
    const isKnown = batch.isResent && counts.duplicate === counts.received
    const rejected = isKnown ? await this.#countRefused(batch) : counts.rejected
    if (rejected > 0) await this.#keepRefused(batch, rejected)
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

/** Fewer bytes say too little of a log that has just begun. */
const fewBytes = 1 << 12

/** A dry run tells the formats of lines, too, that only lack a site. */
function withFormats({ message }: NoSite, { text, header }: Batch): NoSite {
  const tally = new Tally()
  for (const [shape, hits] of countShapes(bodyOf(text, header))) tally.addFormat(shape, hits)
  return new NoSite([message, ...describeFormats(tally)].join('\n'))
}

function countShapes(body: Uint8Array): Map<string, number> {
  const { hits } = accept(body, { received: Date.now(), token: null, is_single: true })
  const shapes = new Map<string, number>()
  for (const own of hits.values())
    for (const { shape } of own) shapes.set(shape, (shapes.get(shape) ?? 0) + 1)
  return shapes
}
