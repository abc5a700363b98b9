import { blake2s } from '@noble/hashes/blake2.js'

const dayLength = 86_400_000
const cachedVisitors = 50_000
/** A flush holds the hits of a few days; salts of others are not kept. */
const cachedDays = 8

type Start = ReturnType<typeof blake2s.create>

interface Day {
  readonly start: Start
  readonly visitors: Map<string | null, Map<string | null, bigint>>
  size: number
}

export type VisitorOf = (time: number, ip: string | null, agent: string | null) => bigint

/**
 * Numbers visitors of a site: 64 bits of BLAKE2s over site, address and agent, keyed with the salt of the UTC day
 * (`YYYY-MM-DD`, up to 32 bytes). Without the salt, which is deleted, nothing leads back to an address.
 */
export function createVisitors(site: string, salt: (day: string) => Uint8Array): VisitorOf {
  const text = new TextEncoder()
  const days = new Map<number, Day>()

  function open(number: number): Day {
    if (days.size >= cachedDays) days.clear()
    const key = salt(new Date(number * dayLength).toISOString().slice(0, 10))
    const start = blake2s.create({ key, dkLen: 8 }).update(text.encode(`${site}\n`))
    const day = { start, visitors: new Map(), size: 0 }
    days.set(number, day)
    return day
  }

  function hash(start: Start, ip: string | null, agent: string | null): bigint {
    const digest = start
      .clone()
      .update(text.encode(`${ip ?? ''}\n${agent ?? ''}`))
      .digest()
    return new DataView(digest.buffer, digest.byteOffset).getBigUint64(0)
  }

  return (time, ip, agent) => {
    const number = Math.floor(time / dayLength)
    const day = days.get(number) ?? open(number)
    let byAgent = day.visitors.get(ip)
    if (byAgent === undefined) day.visitors.set(ip, (byAgent = new Map()))
    let visitor = byAgent.get(agent)
    if (visitor === undefined) {
      byAgent.set(agent, (visitor = hash(day.start, ip, agent)))
      if (++day.size >= cachedVisitors) days.delete(number)
    }
    return visitor
  }
}
