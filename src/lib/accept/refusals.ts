/** Refused records of a batch: some of them, and how many more there were of each reason. */
export interface Refusals<R extends { reason: string }> {
  refusals: R[]
  more: Record<string, number>
}

/** Refusals of a batch that are listed; what goes to the object is bounded by it. */
const mostListed = 4_096

/** Lists a refusal, or only counts it if the list is full. */
export function listRefusal<R extends { reason: string }>(
  { refusals, more }: Refusals<R>,
  reason: R['reason'],
  make: () => R
): void {
  if (refusals.length < mostListed) refusals.push(make())
  else more[reason] = (more[reason] ?? 0) + 1
}

/** How many records were refused, listed or not. */
export function countRefusals({ refusals, more }: Refusals<{ reason: string }>): number {
  return Object.values(more).reduce((sum, records) => sum + records, refusals.length)
}
