import now from './now.sql?raw'

/** People who were there in the five minutes before `ms`, whatever is selected. */
export const nowSql = (ms: number) => now.replace('{ms}', String(Math.floor(ms / calm) * calm))
const calm = 15_000
