import type { AcceptedHit } from '#lib/schema/hit.ts'

/** A column of some hits. Where it is not mixed, all of them say the same. */
export interface HitColumn {
  name: keyof AcceptedHit
  values: unknown[]
  isMixed: boolean
  /** JSON of the values, or of the one that stands for all of them: an array either way. */
  json: Uint8Array
}

const utf8 = new TextEncoder()

/** Each column is made into bytes alone: a character beyond Latin-1 doubles the work on the text it is in. */
export function toColumns(hits: readonly Partial<AcceptedHit>[]): HitColumn[] {
  const first: unknown[] = Object.values(hits[0]!)
  const stored = first.map(() => Array<unknown>(hits.length))
  const isMixed = first.map(() => false)
  for (let i = 0; i < hits.length; i++) {
    // All hits have the same keys in the same order: `Object.values` is twice as fast as asking for each by name.
    const values: unknown[] = Object.values(hits[i]!)
    for (let column = 0; column < values.length; column++) {
      const value = (stored[column]![i] = values[column])
      if (value !== first[column]) isMixed[column] = true
    }
  }
  return (Object.keys(hits[0]!) as (keyof AcceptedHit)[]).map((name, column) => ({
    name,
    values: stored[column]!,
    isMixed: isMixed[column]!,
    json: utf8.encode(JSON.stringify(isMixed[column] ? stored[column] : [first[column]]))
  }))
}
