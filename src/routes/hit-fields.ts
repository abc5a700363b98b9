import type { AcceptedHit } from '#lib/schema/hit.ts'

/** What a format made of some lines: each a hit, or why it is none. */
export interface Tried {
  dialect: string
  lines: { index: number; hit?: AcceptedHit; message?: string }[]
}

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
