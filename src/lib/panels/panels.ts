import figures from './figures.sql?raw'
import now from './now.sql?raw'

export interface Figures {
  requests: number
  visitors: number
  visits: number
  page_views: number
  bytes: number
  errors: number
}

/** A row of figures.sql: the figures of people or of bots, or the latency of all. */
export type FiguresRow = { bucket: number | null; is_total: boolean } & (
  ({ is_bot: boolean } & Figures) | { is_bot: null; p50: number | null; p95: number | null }
)

export const figuresSql = figures

/** People who were there in the five minutes before `ms`, whatever is selected. */
export const nowSql = (ms: number) => now.replace('{ms}', String(Math.floor(ms / calm) * calm))
const calm = 15_000
