export const wasmUrl = '/engine/duckdb-eh.wasm'

/** As it was when the engine was started last. */
let wasKept = false

/** Whether the device holds the engine, so that there is no download to watch. */
export async function isEngineKept(): Promise<boolean> {
  const isControlled = Boolean(navigator.serviceWorker?.controller)
  return (wasKept = isControlled && (await caches.match(wasmUrl).then(Boolean, () => false)))
}

/**
 * On the first visit the service worker comes after the engine: it is told to keep it for when there is no network. Then
 * the browser is given the engine as it lies there: it finds that it has compiled it, and keeps that for the next visit.
 */
export async function keepEngine(): Promise<void> {
  const worker = (await navigator.serviceWorker?.ready)?.active
  if (!worker) return
  const { port1, port2 } = new MessageChannel()
  const kept = new Promise((resolve) => (port1.onmessage = resolve))
  worker.postMessage('keep-engine', [port2])
  await kept
  if (!wasKept && navigator.serviceWorker.controller) await WebAssembly.compileStreaming(fetch(wasmUrl))
}
