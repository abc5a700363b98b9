import { ZSTDDecoder } from 'zstddec'

/** A page of a Parquet file is far smaller; a damaged header may ask for more than there is memory. */
const mostBytes = 1 << 29

const decoder = new ZSTDDecoder()
let ready: Promise<void> | null = null

/** Must have resolved before the first `inflate`. */
export const startZstd = (): Promise<void> => (ready ??= start())

// zstddec fetches its WebAssembly from a data URL, which the page's policy (connect-src 'self') refuses. It calls `fetch`
// before `init` returns, so that nobody else meets this one.
function start(): Promise<void> {
  const { fetch } = globalThis
  globalThis.fetch = async (url) => new Response(bytesOf(String(url)))
  try {
    return decoder.init()
  } finally {
    globalThis.fetch = fetch
  }
}

const bytesOf = (dataUrl: string) =>
  Uint8Array.from(atob(dataUrl.slice(dataUrl.indexOf(',') + 1)), (char) => char.charCodeAt(0))

/** The content of a zstd frame, which must have `size` bytes. */
export function inflate(frame: Uint8Array, size: number): Uint8Array {
  if (size < 0 || size > mostBytes) throw new Error(`zstd frame of ${size} bytes`)
  // zstddec takes a size of 0 for one that is not known.
  return size ? decoder.decode(frame, size) : new Uint8Array()
}
