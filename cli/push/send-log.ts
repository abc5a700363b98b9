import { setTimeout as sleep } from 'node:timers/promises'
import { follow, Truncated } from './follow.ts'
import { sha256 } from './hash.ts'
import type { Progress } from './progress.ts'
import { Sending, type Push, type Report } from './sending.ts'
import type { Source } from './sources.ts'
import { Tally } from './tally.ts'
import { unpack } from './unpack.ts'
import { walk, type Walked, type WalkOptions } from '../../src/lib/push/walk.ts'
import type { Chunks } from '../../src/lib/push/window.ts'

/** Ms between two looks at a file that is followed. */
const look = 1_000

/** Sends what was not sent yet of a log. Throws `Unreadable` before anything is stored, and `Stop`. */
export async function sendLog(push: Push, source: Source): Promise<Report> {
  const { ledger, isAgain, isDry } = push
  const opened = await source.open(isAgain ? null : ledger.stampOf(source.name))
  if (opened === 'same') ledger.meetSource(source.name)
  if (typeof opened === 'string') return { source, tally: new Tally(), walked: opened, refused: null }
  const { chunks, stamp, isGrowing } = opened
  const mustContinue = source.twin !== undefined && ledger.stampOf(source.twin) !== null
  const report = await sendChunks(push, source, unpack(counted(chunks, push.progress)), {
    isAgain,
    isGrowing,
    mustContinue
  })
  const { damage, left, isOther, end } = report.walked
  if (!damage && !isOther && left === 0 && stamp !== null && !isDry) ledger.noteWhole(source.name, stamp, end)
  return report
}

/** Sends a plain file as it is written, and the files that take its place. Says of each that ends what became of it. */
export async function followLog(push: Push, source: Source, say: (report: Report) => void): Promise<never> {
  for await (const chunks of follow(source.name, () => sleep(look))) {
    const report = await sendChunks(push, source, counted(chunks, push.progress))
    // What was not read of it is in its copy.
    if (report.walked.damage instanceof Truncated) Object.assign(report.walked, { damage: null, left: 0 })
    say(report)
  }
  throw new Error(`${source.name} can't be followed any more`)
}

async function sendChunks(
  push: Push,
  source: Source,
  chunks: Chunks,
  options: Omit<WalkOptions, 'createHash'> = {}
): Promise<Report & { walked: Walked }> {
  const report = { source, tally: new Tally(), refused: null }
  const sending = new Sending(push, report)
  const walked = await walk(chunks, push.ledger, (batch) => sending.take(batch), {
    ...options,
    createHash: sha256
  }).finally(() => sending.finish())
  push.ledger.meet(walked.end)
  return { ...report, walked }
}

async function* counted<T extends Uint8Array | null>(
  chunks: AsyncIterable<T>,
  progress: Progress
): AsyncGenerator<T> {
  for await (const chunk of chunks) {
    if (chunk) progress.read(chunk.length, Date.now())
    yield chunk
  }
}
