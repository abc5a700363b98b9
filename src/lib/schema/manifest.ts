/** Positions of the log from `from` up to, not including, `to`. */
export interface Range {
  from: number
  to: number
}

/** One immutable Parquet object that readers may load. Times are milliseconds since 1970, UTC. */
export interface Part {
  id: string
  /** UTC day of every hit in it, `2026-11-21`. */
  day: string
  /** Which stretches of the log this part holds for its day, ascending, disjoint, never touching. */
  ranges: Range[]
  /** Raised when the hits of the same ranges were rewritten (erased, enriched again). */
  revision: number
  rows: number
  bytes: number
  /** Lower-case hex of the object's bytes. */
  sha256: string
  min_time: number
  max_time: number
}

/** The list of live parts of a site at one version; its ETag is the version. */
export interface Manifest {
  site: string
  version: number
  parts: Part[]
}

/** What the live socket sends when a version is committed. */
export interface ManifestChange {
  version: number
  added: Part[]
  removed: string[]
}
