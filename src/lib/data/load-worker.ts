import { buffersOf } from './columns.ts'
import type { Reply, Request } from './load.ts'
import { openPart, type OpenPart } from './part.ts'

let part: OpenPart | null = null

addEventListener('message', async ({ data }: MessageEvent<Request>) => {
  try {
    const reply = await answer(data)
    postMessage(reply, { transfer: buffersOf(reply.columns?.values() ?? []) })
  } catch (error) {
    postMessage({ error: String(error) } satisfies Reply)
  }
})

async function answer(request: Request): Promise<Reply> {
  if ('group' in request) return { columns: part?.read(request.group) }
  part = await openPart(request.bytes, request.sha256)
  return { groups: part.groups }
}
