import { buffersOf, type InsertColumn } from '#lib/engine/columns.ts'
import type { Group } from '#lib/star/group.ts'
import type { Reply, Request } from './load.ts'
import { mergeGroups, type RowGroup } from '#lib/star/merge.ts'
import { openPart, type OpenPart } from '#lib/parquet/part.ts'

const parts: OpenPart[] = []
let groups = mergeGroups(rowGroups(), pause)
let ahead: ReturnType<typeof groups.next> | null = null
let group: Group | null = null

addEventListener('message', async ({ data }: MessageEvent<Request>) => {
  try {
    const message = await reply(data)
    const columns: InsertColumn[] = Object.values(message.answer ?? {}).flat()
    postMessage(message, { transfer: buffersOf(columns) })
    if ('name' in data && data.name === 'words') readAhead()
  } catch (error) {
    postMessage({ error: String(error) } satisfies Reply)
  }
})

async function reply(request: Request): Promise<Reply> {
  if ('bytes' in request) {
    parts.push(await openPart(request.bytes, request.sha256))
    return {}
  }
  if (request.name === 'next') return next()
  const answer = (group as Record<string, (...args: unknown[]) => Promise<Reply['answer']>> | null)!
  return { answer: await answer[request.name]!(...request.args) }
}

async function next(): Promise<Reply> {
  const { value, done } = await (ahead ?? groups.next())
  ahead = null
  group = value ?? null
  if (done) groups = mergeGroups(rowGroups(), pause)
  return { isEnd: done }
}

/** While the engine numbers the words of some rows, the worker reads the next ones. `next` tells of an error. */
function readAhead() {
  ahead = groups.next()
  ahead.catch(() => {})
}

/** A part is let go with its last row group. */
function* rowGroups(): Generator<RowGroup> {
  for (let part = parts.shift(); part; part = parts.shift()) {
    const { groups, rows, read } = part
    for (let group = 0; group < groups; group++) yield { rows: rows(group), read: () => read(group) }
  }
}

/** The next step of an insertion must not wait for more than one row group. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}
