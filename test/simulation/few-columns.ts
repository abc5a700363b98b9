import { columns, type Column } from '#lib/schema/hit.ts'

/** What enrichment reads and what a promise is about. */
const kept = new Set<string>(
  'seq kind time host path referrer user_agent ip client_name shape request_id token flags visitor'.split(' ')
)

// The Parquet of a history is real, but narrow: a thousand histories are to take half a minute. Every other column is
// written and read by the same code.
const all = columns as unknown as Column[]
all.splice(0, all.length, ...all.filter(({ name }) => kept.has(name)))
