import type { Period } from '#lib/data/filter.ts'

const day = (at: number) => new Date(at).toISOString().slice(0, 10)

/** Whether all hits of a period are on this device; `missing` are the UTC days of the site that are not. */
export const isHere = ({ from, to }: Period, missing: readonly string[]): boolean =>
  !missing.some((name) => name >= day(from) && name <= day(to - 1))
