/** The instants between which a glance counts, ms since 1970: the days are those of the reader's clock. */
export interface GlanceDays {
  yesterday: number
  /** The same time yesterday as it is now. */
  until: number
  today: number
  tomorrow: number
}

/** What the server knows of a site without a device that holds its hits. */
export interface SiteGlance {
  version: number
  /** Null where these days have too many hits to count while somebody waits. */
  today: { visitors: number; errors: number } | null
  /** Visitors of yesterday until the same time. */
  before: number | null
  /** Hits by UTC day, oldest first; days without any are left out. */
  days: { day: string; hits: number }[]
}
