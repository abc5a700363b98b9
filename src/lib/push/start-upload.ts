import { Remote } from '#lib/engine/remote.ts'
import type { Upload, UploadCalls, UploadOrder } from './upload-worker.ts'

/** Starts to send files in a worker. `done` is false if it was cancelled; it rejects with a sentence for the user. */
export function startUpload(
  order: UploadOrder,
  onprogress: (upload: Upload) => void
): { done: Promise<boolean>; cancel: () => void } {
  const worker = new Worker(new URL('./upload-worker.ts', import.meta.url), { type: 'module' })
  const remote = new Remote<UploadCalls, Upload>(worker, 'The sending worker')
  remote.onnote = onprogress
  const cancelled = Promise.withResolvers<boolean>()
  const sent = remote.call('send', order).then(() => true)
  return {
    done: Promise.race([sent, cancelled.promise]).finally(() => remote.terminate()),
    cancel: () => cancelled.resolve(false)
  }
}
