import type { AcceptedHit } from '#lib/schema/hit.ts'

const hidden = new Set(['kind', 'shape', 'token'])

/** The columns of a hit that hold something, as texts. */
export function partsOfHit(hit: AcceptedHit): { name: string; value: string }[] {
  return Object.entries(hit)
    .filter(([name, value]) => value !== null && !hidden.has(name))
    .map(([name, value]) => ({
      name,
      value: name === 'time' ? new Date(value as number).toISOString() : String(value)
    }))
}
