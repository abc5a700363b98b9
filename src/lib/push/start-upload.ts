import type { Upload, UploadOrder, UploadReport } from './upload-worker.ts'

/** Starts to send files in a worker. `done` is false if it was cancelled; it rejects with a sentence for the user. */
export function startUpload(
  order: UploadOrder,
  onprogress: (upload: Upload) => void
): { done: Promise<boolean>; cancel: () => void } {
  const worker = new Worker(new URL('./upload-worker.ts', import.meta.url), { type: 'module' })
  const { promise, resolve, reject } = Promise.withResolvers<boolean>()
  worker.onerror = ({ message }) => reject(new Error(`The sending worker failed: ${message || 'not loaded'}`))
  worker.onmessage = ({ data }: MessageEvent<UploadReport>) => {
    if ('failed' in data) return reject(new Error(data.failed))
    onprogress('done' in data ? data.done : data.upload)
    if ('done' in data) resolve(true)
  }
  worker.postMessage(order)
  return { done: promise.finally(() => worker.terminate()), cancel: () => resolve(false) }
}
