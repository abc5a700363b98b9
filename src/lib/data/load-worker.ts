import init, { ParquetFile } from 'parquet-wasm'
import wasmUrl from 'parquet-wasm/esm/parquet_wasm_bg.wasm?url'
import type { Reply, Request } from './load.ts'
import { openPart, type OpenPart } from './parquet.ts'

const ready = init({ module_or_path: wasmUrl })
let part: OpenPart | null = null

addEventListener('message', async ({ data }: MessageEvent<Request>) => {
  try {
    await ready
    const reply = await answer(data)
    postMessage(reply, { transfer: reply.ipc ? [reply.ipc.buffer as ArrayBuffer] : [] })
  } catch (error) {
    postMessage({ error: String(error) } satisfies Reply)
  }
})

async function answer(request: Request): Promise<Reply> {
  if ('bytes' in request) {
    part?.close()
    part = await openPart(ParquetFile, request.bytes, request.sha256)
    return { groups: part.groups, columns: part.columns }
  }
  return { ipc: await part?.read(request.group) }
}
