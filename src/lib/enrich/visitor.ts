import { dayOf } from '#lib/schema/day.ts'
import { blake2s } from '@noble/hashes/blake2.js'

const dayLength = 86_400_000
const cachedVisitors = 50_000
/** A flush holds the hits of a few days; salts of others are not kept. */
const cachedDays = 8
/** Places in the numbering of agents and of addresses. */
const numbered = 65_536

type Start = ReturnType<typeof blake2s.create>

interface Day {
  readonly start: Start
  /** By the number of the address and that of the agent. */
  readonly visitors: Map<number, bigint>
}

/** `client` is an address, or the host name of a client without one. */
type VisitorOf = (time: number, client: string | null, agent: string | null) => bigint

/**
 * Numbers visitors of a site: 64 bits of BLAKE2s over site, address and the agent's digest, keyed with the salt of the
 * UTC day (`YYYY-MM-DD`, up to 32 bytes). Without the salt, which is deleted, nothing leads back to an address.
 */
export function createVisitors(site: string, salt: (day: string) => Uint8Array): VisitorOf {
  const text = new TextEncoder()
  const days = new Map<number, Day>()
  const addresses = new Map<string | null, number>()
  const agents = new Map<string | null, number>()
  /** An agent is long, and the same ones come again: digested once, it fits into one block with the address. */
  const digests: Uint8Array[] = []

  function open(number: number): Day {
    if (days.size >= cachedDays) days.clear()
    const key = salt(dayOf(number * dayLength))
    const start = blake2s.create({ key, dkLen: 8 }).update(text.encode(`${site}\n`))
    const day = { start, visitors: new Map() }
    days.set(number, day)
    return day
  }

  function numberOf(known: Map<string | null, number>, value: string | null): number {
    const number = known.get(value)
    if (number !== undefined) return number
    known.set(value, known.size)
    return known.size - 1
  }

  function forget(): void {
    for (const known of [addresses, agents, days]) known.clear()
    digests.length = 0
  }

  function hash(start: Start, ip: string | null, agent: Uint8Array): bigint {
    const digest = start
      .clone()
      .update(text.encode(`${ip ?? ''}\n`))
      .update(agent)
      .digest()
    return new DataView(digest.buffer, digest.byteOffset).getBigUint64(0)
  }

  return (time, ip, agent) => {
    if (addresses.size === numbered || agents.size === numbered) forget()
    const number = Math.floor(time / dayLength)
    const address = numberOf(addresses, ip)
    const kind = numberOf(agents, agent)
    const day = days.get(number) ?? open(number)
    const place = address * numbered + kind
    let visitor = day.visitors.get(place)
    if (visitor === undefined) {
      const digest = (digests[kind] ??= blake2s(text.encode(agent ?? ''), { dkLen: 16 }))
      if (day.visitors.size >= cachedVisitors) day.visitors.clear()
      day.visitors.set(place, (visitor = hash(day.start, ip, digest)))
    }
    return visitor
  }
}
