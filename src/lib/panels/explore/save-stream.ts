import { saveFile } from '#lib/state/save-file.ts'

type Bytes = Uint8Array<ArrayBuffer>
type Picking = Window & {
  showSaveFilePicker?: (options: { suggestedName: string }) => Promise<FileSystemFileHandle>
}

/** A place for a file: its bytes are written there as they come, or handed to the browser once all are there. */
export type Place = (bytes: ReadableStream<Bytes>, signal: AbortSignal) => Promise<void>

/** Lets the user choose where to save a file, where the browser can write to one. Must be called in a click. */
export async function placeFor(name: string, type: string): Promise<Place> {
  const { showSaveFilePicker } = window as Picking
  if (!showSaveFilePicker)
    return async (bytes, signal) => {
      const blob = await new Response(bytes).blob()
      signal.throwIfAborted()
      saveFile(name, type, blob)
    }
  const handle = await showSaveFilePicker.call(window, { suggestedName: name })
  return async (bytes, signal) => bytes.pipeTo(await handle.createWritable(), { signal })
}

/** Pieces as a stream, which asks for the next when the last is taken. */
export function streamOf(pieces: AsyncIterable<Bytes>): ReadableStream<Bytes> {
  const iterator = pieces[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await iterator.return?.()
    }
  })
}
