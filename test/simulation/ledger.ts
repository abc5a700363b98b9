import { columns, type AcceptedHit } from '#lib/schema/hit.ts'
import type { Random } from './random.ts'

const day = 86_400_000

/** A line that some forwarder has, and what became of it so far. Times are true ones. */
export interface Line {
  number: number
  hit: AcceptedHit
  /** Sent again it is known: it carries an id, or its batch a key. */
  isKnown: boolean
  sends: number
  firstSent: number
  lastSent: number
  /** When somebody was first told that it is stored. */
  acknowledged: number | null
  /** Nobody can read the blob it came in. */
  isPoison: boolean
  /** Its time names a zone. */
  isZoned: boolean
  /** The times and addresses that a part may have of it. */
  times: Set<number>
  addresses: Set<string | null>
}

/** An order to erase, with when it was first asked for and when the asking was over. */
export interface Order {
  by: 'ip' | 'path'
  value: string
  from: number
  to: number
}

/** How often a line may be found. */
export interface Due {
  least: number
  most: number
}

const blank = Object.fromEntries(
  columns.filter((column) => column.from === 'accept').map((column) => [column.name, null])
) as unknown as AcceptedHit

/** What was sent and answered: by this the store is judged. */
export class Ledger {
  readonly lines: Line[] = []
  readonly orders: Order[] = []
  /** The shortest retention there was, in days; null for ever. */
  retention: number | null = null
  /** When the power failed last. */
  cut = -Infinity
  /** Storage went back to this true time; what was answered after it is lost by order. */
  restored: { to: number; at: number } | null = null

  /** A line that a server has just written, or long ago. */
  create(random: Random, now: number, isKnown: boolean, withId: boolean, isZoned: boolean): Line {
    const number = this.lines.length
    const time = now - (random.chance(0.15) ? random.spread(60_000, 3 * day) : random.between(0, 5_000))
    const hit = {
      ...blank,
      kind: 'request',
      time,
      path: `/${number}`,
      ip: `203.0.113.${random.between(1, 9)}`,
      user_agent: 'agent',
      shape: 'nginx',
      request_id: withId ? `id ${number}` : null
    } as AcceptedHit
    const line = {
      number,
      hit,
      isKnown,
      sends: 0,
      firstSent: Infinity,
      lastSent: 0,
      acknowledged: null,
      isPoison: false,
      isZoned,
      times: new Set(isZoned ? [time] : []),
      addresses: new Set<string | null>()
    }
    this.lines.push(line)
    return line
  }

  /** How often a line may be found once everything is at rest. */
  due(line: Line, now: number): Due {
    const most = mayBeTwice(line) ? line.sends : Math.min(line.sends, 1)
    const least = line.acknowledged === null ? 0 : 1
    if (line.isPoison) return { least: 0, most: 0 }
    const kept = this.retention === null ? 0 : Math.floor((now - this.retention * day) / day) * day
    const isLost = this.restored !== null && line.lastSent >= this.restored.to
    if (Math.min(...line.times) < kept || isLost) return { least: 0, most }
    const orders = this.orders.filter(({ by, value }) => line.hit[by] === value)
    if (orders.some(({ to }) => this.restored !== null && to >= this.restored.to)) return { least: 0, most }
    // Nobody finds an address that a part does not have whole.
    if (orders.some(({ by }) => by === 'ip') && isMasked(line)) return { least: 0, most }
    // What comes again after it was erased is new.
    if (
      orders.some(
        ({ from }) => line.acknowledged !== null && line.acknowledged < from && line.lastSent < from
      )
    )
      return { least: 0, most: 0 }
    return orders.every(({ to }) => line.firstSent > to) ? { least, most } : { least: 0, most }
  }
}

/** Some delivery of it left an address that is not the line's. */
const isMasked = ({ hit, addresses }: Line) => [...addresses].some((address) => address !== hit.ip)

/** Two sendings of it may be two lines, for all that anybody can tell. */
export const mayBeTwice = ({ isKnown, sends }: Line) => !isKnown && sends > 1
