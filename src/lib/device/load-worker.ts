import { buffersOf, type InsertColumn } from '#lib/engine/columns.ts'
import { Group } from '#lib/star/group.ts'
import type { Reply, Request } from './load.ts'
import { openPart, type OpenPart } from '#lib/parquet/part.ts'

let part: OpenPart | null = null
let group: Group | null = null

addEventListener('message', async ({ data }: MessageEvent<Request>) => {
  try {
    const message = await reply(data)
    const columns: InsertColumn[] = Object.values(message.answer ?? {}).flat()
    postMessage(message, { transfer: buffersOf(columns) })
  } catch (error) {
    postMessage({ error: String(error) } satisfies Reply)
  }
})

async function reply(request: Request): Promise<Reply> {
  if ('bytes' in request) {
    part = await openPart(request.bytes, request.sha256)
    return { groups: part.groups }
  }
  if ('group' in request) {
    group = new Group(part!.rows(request.group), part!.read(request.group))
    return {}
  }
  const answer = (group as Record<string, (...args: unknown[]) => Promise<Reply['answer']>> | null)!
  return { answer: await answer[request.name]!(...request.args) }
}
