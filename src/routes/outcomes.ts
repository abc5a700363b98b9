import { losses } from '#lib/schema/status.ts'

/** What became of all records that a site was sent. */
export interface Outcomes {
  received: number
  accepted: number
  duplicate: number
  refused: number
  /** Refused records by reason, the most first. */
  reasons: [reason: string, records: number][]
  /** Hits let go after they were accepted, by why. */
  gone: [loss: string, hits: number][]
}

const names = new Set<string>(['accepted', 'duplicate', 'put_back', ...losses])

/** Counted outcomes in groups: taken, refused, let go. */
export function readOutcomes(counted: Readonly<Record<string, number>>): Outcomes {
  const { accepted = 0, duplicate = 0, put_back: back = 0 } = counted
  const reasons = Object.entries(counted)
    .filter(([name, records]) => !names.has(name) && records > 0)
    .sort(([, a], [, b]) => b - a)
  const refused = reasons.reduce((sum, [, records]) => sum + records, 0)
  const gone = losses
    .map((name): [string, number] => [name, (counted[name] ?? 0) - (name === 'set_aside' ? back : 0)])
    .filter(([, hits]) => hits > 0)
  return { received: accepted + duplicate + refused, accepted, duplicate, refused, reasons, gone }
}
