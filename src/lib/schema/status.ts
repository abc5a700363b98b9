/** A token's forwarder, as its site sees it. Times are ms since 1970, UTC. */
export interface Forwarder {
  token: string
  last_seen: number
  batches: number
  records: number
  /** How long before its arrival the newest hit of its last batch had happened, ms; null before there was one. */
  lag: number | null
  /** Records a second, over the last five minutes. */
  rate: number
  /** Batches that would be counted twice if they came twice: few lines, no key, and hits without a request id. */
  unkeyed: number
}

/** What lies in the parts of a month. */
export interface Month {
  /** `2026-11`. */
  month: string
  rows: number
  bytes: number
  parts: number
}

/** What Cloudflare counts, as the store counts it. */
export const operations = [
  'request',
  'alarm',
  'active_ms',
  'row_read',
  'row_written',
  'object_put',
  'object_read'
] as const
export type Operation = (typeof operations)[number]

/** What the store of a site knows of itself. Times are ms since 1970, UTC. */
export interface Status {
  /** When it was asked. */
  at: number
  version: number
  rows: number
  bytes: number
  parts: number
  last_time: number | null
  unflushed_rows: number
  oldest_unflushed: number | null
  /** Records by what became of them: `accepted`, `duplicate`, a name of `losses`, `put_back`, or why they were refused. */
  outcomes: Record<string, number>
  forwarders: Forwarder[]
  quarantined: number
  /** Erasures that are asked for and not done yet. */
  erasures: number
  /** What a power cut took and is there again; null where none did. */
  mended: Mended | null
  /** By month, the newest first. */
  months: Month[]
  /** Bytes of all objects in the bucket, those that are about to be deleted too, and of the store's own database. */
  stored: { objects: number; database: number }
  /** Operations since a time at most a week ago. */
  operations: { since: number; counts: Record<Operation, number> }
  /** How many rules it counts for while no page is open; missing if none. */
  watched?: number
}

/**
 * What became of hits after they were accepted; each row of the log ends in a part or in one of these. Of those
 * `set_aside` the `put_back` are in the log again.
 */
export const losses = ['expired', 'erased', 'set_aside'] as const

/** What a site's store has used, to add up what an installation costs. */
export type Usage = Pick<Status, 'at' | 'operations' | 'stored'>

/** How many hits an erasure would delete of each UTC day; days without any are left out. */
export interface ErasureCount {
  days: { day: string; hits: number }[]
  /** The day to go on counting with; null if all are counted. */
  next: string | null
  /** Hits that have come and can't be counted yet. */
  unflushed: number
}

/** A refused record with the reason. */
export interface Quarantined {
  id: number
  received: number
  token: string | null
  reason: string
  message: string
  /** Its text with secrets out; empty where it was not kept. */
  raw: string
  /** The text is only the head of the record. */
  is_cut: boolean
  /** The key of the batch that it came with, if that has one; missing from a Worker of before. */
  batch?: string | null
  /** The URL of the batch named the site; missing from a Worker of before. */
  is_site_named?: boolean
}

/** How many records are in quarantine for a reason. */
export interface Reason {
  reason: string
  records: number
}

/** What became of a refused record that was run again. */
export interface Again {
  id: number
  /** `accepted` and `duplicate` have left the quarantine; `refused` stays; `cut` is no whole record; `gone` was not there. */
  outcome: 'accepted' | 'duplicate' | 'refused' | 'cut' | 'gone'
  /** Why it is refused still. */
  message: string
}

export interface Finding {
  kind: 'missing' | 'damaged' | 'rows' | 'overlap' | 'gap' | 'orphan' | 'garbage'
  message: string
}

/** Parts whose objects a power cut took and that were made again, and when the last one was. */
export interface Mended {
  parts: number
  at: number
}

/** What a check of a store says. */
export interface Checked {
  version: number
  parts: number
  rows: number
  unflushed: number
  /** Empty: all is as it should be. */
  findings: Finding[]
  /** Objects that were deleted. */
  repaired: number
  /** Null where no power cut ever took anything. */
  mended: Mended | null
}
