import { bodyOf } from './body.ts'
import type { Counts } from './judge.ts'
import type { Receiver } from './receiver.ts'
import { TooLarge } from './unreadable.ts'
import { keyOf, type Batch } from './walk.ts'

type Part = Pick<Batch, 'text' | 'header'>

/** Stores a batch, or its halves where the Worker takes less at once, and gives the counts of each. */
export async function storeBatch(
  receiver: Receiver,
  batch: Batch,
  take: (part: Part, counts: Counts) => void | Promise<void>,
  service?: string
): Promise<void> {
  await store(batch, keyOf(batch))

  async function store({ text, header }: Part, key: string): Promise<void> {
    try {
      await take({ text, header }, await receiver.send(bodyOf(text, header, service), key))
    } catch (error) {
      const middle = text.lastIndexOf(0x0a, text.length >> 1) + 1
      if (!(error instanceof TooLarge) || middle === 0) throw error
      await store({ text: text.subarray(0, middle), header }, `${key}/1`)
      await store({ text: text.subarray(middle), header }, `${key}/2`)
    }
  }
}
