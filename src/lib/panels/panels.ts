import { isOf } from '#lib/ask/class-of.ts'
import { fill } from '#lib/engine/fill.ts'
import now from './now.sql?raw'

/** People who were there in the five minutes before `ms`, whatever is selected. */
export const nowSql = (ms: number) =>
  fill(now, { ms: String(Math.floor(ms / calm) * calm), people: isOf('people') })
const calm = 15_000
