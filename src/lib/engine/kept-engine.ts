export const wasmUrl = '/engine/duckdb-eh.wasm'

/** Whether the device holds the engine. */
export const isEngineKept = (): Promise<boolean> => caches.match(wasmUrl).then(Boolean, () => false)

/**
 * On the first visit the service worker comes after the engine: it is told to keep it for when there is no network. Then
 * the browser is given the engine as it lies there: it finds that it has compiled it, and keeps that for the next visit.
 * Where the engine was started as it lay there already, nothing is left to do.
 */
export async function keepEngine(wasKept: boolean): Promise<void> {
  const worker = (await navigator.serviceWorker?.ready)?.active
  if (!worker) return
  const { port1, port2 } = new MessageChannel()
  const kept = new Promise<boolean>((resolve) => (port1.onmessage = ({ data }) => resolve(data as boolean)))
  worker.postMessage('keep-engine', [port2])
  if (!(await kept) || wasKept || !navigator.serviceWorker.controller) return
  // Also what it finds takes it a tenth of a second, and half of one on a phone.
  const compiler = new Worker(new URL('./compile-worker.ts', import.meta.url), { type: 'module' })
  compiler.postMessage(wasmUrl)
}
