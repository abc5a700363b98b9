import type { ManifestChange } from '#lib/schema/manifest.ts'
import { compact } from './compaction.ts'
import { nextFinish, planCompactions } from './compaction-plan.ts'
import { noticeRestore } from './epoch.ts'
import { erase, waitingErasures } from './erase.ts'
import { flush, type Enrich } from './flush.ts'
import { collect, nextCollection, sweep } from './garbage.ts'
import { forgetBatches } from './log.ts'
import { candidates, giveUp } from './manifest.ts'
import { isShaken, mend, nextSettled, settle } from './mend.ts'
import { boundQuarantine } from './quarantine.ts'
import { expire, nextExpiry } from './retention.ts'
import { forgetSalts, nextForgetting } from './salts.ts'
import { flushTime } from './schedule.ts'
import { forgetLines } from './seen-lines.ts'
import type { Surroundings } from './storage.ts'
import type { Tally } from './tally.ts'
import { unflushed } from './unflushed.ts'
import { Displaced } from './writer.ts'

/** Flushes in one alarm, so that a backlog does not keep compaction waiting. */
const flushesInTurn = 32

/** What the object that writes remembers of its flushes. */
export interface Pace {
  /** When the log was last flushed, ms since 1970; -Infinity if it was not since the object began. */
  flushed: number
}

export interface Watch {
  /** Somebody has a dashboard open. */
  isWatched: boolean
  pace: Pace
  tell(change: ManifestChange): void
  /** Counts hits for the rules that are watched while no page is open; missing if there are none. */
  tally?: Tally | null
}

/**
 * What is due now: flushes first, one compaction last. Each step is tried although another failed, so that a damaged
 * part keeps nothing else waiting; the first error is thrown after.
 */
export async function work(around: Surroundings, enrich: Enrich, watch: Watch): Promise<void> {
  const { storage, now } = around
  // Throws in an object that is displaced, before it does anything.
  storage.transaction(() => {})
  await noticeRestore(around)
  // What is lost must be known before anything is trimmed, merged or deleted.
  await mend(around, enrich, watch.tell)
  const steps: (() => unknown)[] = [
    () => flushDue(around, enrich, watch),
    () => tellOf(expire(around), watch),
    () => erase(around, watch.tell),
    () => settle(around),
    () => collect(around),
    () => sweep(around),
    () => boundQuarantine(storage, now()),
    () => forgetBatches(storage, now()),
    () => forgetLines(storage, now()),
    () => forgetSalts(storage, now()),
    async () => {
      const [compaction] = plan(around, watch.isWatched)
      if (compaction) tellOf(await compact(around, compaction), watch)
    },
    () => giveUp(storage, now())
  ]
  const errors: unknown[] = []
  for (const step of steps)
    try {
      await step()
    } catch (error) {
      if (error instanceof Displaced) throw error
      errors.push(error)
    }
  if (errors.length) throw errors[0]
}

async function flushDue(around: Surroundings, enrich: Enrich, watch: Watch): Promise<void> {
  for (let flushes = 0; flushes < flushesInTurn; flushes++) {
    if (nextFlush(around, watch) > around.now()) return
    const change = await flush(around, enrich, watch.tally)
    tellOf(change, watch)
    if (!change) return
    watch.pace.flushed = around.now()
  }
}

function tellOf(change: ManifestChange | null, { tell }: Watch): void {
  if (change) tell(change)
}

const plan = ({ storage, now }: Surroundings, isWatched: boolean) =>
  planCompactions(candidates(storage), now(), isWatched ? 32 : 8)

/**
 * When the log is to be flushed; at once while an erasure waits for it. After a failure `retry` is when the next try is
 * due, and what is overdue waits for it, however many batches come meanwhile.
 */
export function nextFlush(
  { storage, now }: Surroundings,
  { isWatched, pace }: Pick<Watch, 'isWatched' | 'pace'>,
  retry: number | null = null
): number {
  const waiting = unflushed(storage)
  const isUrgent = retry === null && waiting.oldest !== null && waitingErasures(storage).length > 0
  const time = isUrgent ? now() : (flushTime(waiting, isWatched, now(), pace.flushed) ?? Infinity)
  return time > now() ? time : (retry ?? time)
}

/** When there is something to do again; Infinity when never. */
export function nextWork(around: Surroundings, watch: Pick<Watch, 'isWatched' | 'pace'>): number {
  const { storage, now } = around
  const isDue = plan(around, watch.isWatched).length > 0 || waitingErasures(storage).length > 0
  return Math.min(
    isDue || (isShaken(around) && nextSettled(around) !== null) ? now() : Infinity,
    nextFlush(around, watch),
    nextFinish(candidates(storage), now()) ?? Infinity,
    nextExpiry(storage) ?? Infinity,
    nextCollection(storage) ?? Infinity,
    nextSettled(around) ?? Infinity,
    nextForgetting(storage, now()) ?? Infinity
  )
}
