import { buffersOf, type InsertColumn } from '#lib/engine/columns.ts'
import { answer } from '#lib/engine/remote.ts'
import type { Group } from '#lib/star/group.ts'
import type { LoadCalls } from './load.ts'
import { mergeGroups, type RowGroup } from '#lib/star/merge.ts'
import { openPart, type OpenPart } from '#lib/parquet/part.ts'

const parts: OpenPart[] = []
let groups = mergeGroups(rowGroups(), pause)
let ahead: ReturnType<typeof groups.next> | null = null
let group: Group | null = null

answer<LoadCalls>(
  {
    open: async (bytes, sha256) => void parts.push(await openPart(bytes, sha256)),
    next,
    words: () => group!.words(),
    tuples: (numbers) => group!.tuples(numbers),
    hits: (numbers, known) => group!.hits(numbers, known)
  },
  (value) => buffersOf(Object.values(value ?? {}).flat() as InsertColumn[]),
  (name) => name === 'words' && readAhead()
)

async function next(): Promise<boolean> {
  const { value, done } = await (ahead ?? groups.next())
  ahead = null
  group = value ?? null
  if (done) groups = mergeGroups(rowGroups(), pause)
  return !done
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
