import { lookFirst } from './first-look.ts'
import { Gate } from './gate.ts'
import type { Counts } from './judge.ts'
import type { Receiver } from './receiver.ts'
import { storeBatch } from './store-batch.ts'
import { walk, type Cuts, type Hash, type Walked } from './walk.ts'
import type { Chunks } from './window.ts'

/** Batches of 4 MiB that are on their way at a time. */
const atOnce = 2

/** A page remembers no batches: the Worker knows them by their keys. */
const noCuts: Cuts = { after: () => [], add: () => {} }

/**
 * Sends a log, in the batches and under the keys that `loggia push` has for it. Throws `Unreadable` if it is no log,
 * before anything is stored, and `Stop` if sending cannot go on.
 */
export async function upload(
  chunks: Chunks,
  receiver: Receiver,
  createHash: () => Hash,
  take: (counts: Counts) => void
): Promise<Walked> {
  const gate = new Gate(atOnce)
  const underway = new Set<Promise<void>>()
  let failed: Error | null = null
  const goOn = () => {
    if (failed) throw failed
  }
  const walked = await walk(
    chunks,
    noCuts,
    async (batch) => {
      const leave = await gate.enter()
      try {
        goOn()
        if (batch.start === 0) await lookFirst(batch, receiver)
      } catch (error) {
        leave()
        throw error
      }
      const sent = storeBatch(receiver, batch, (_, counts) => take(counts))
        .catch((error: Error) => void (failed ??= error))
        .finally(() => {
          leave()
          underway.delete(sent)
        })
      underway.add(sent)
    },
    { createHash }
  )
  await Promise.all(underway)
  goOn()
  return walked
}
