import type { Question } from '../../src/lib/ask/counted.ts'
import { Query } from '../../src/lib/ask/query.ts'
import { Store } from '../../src/lib/device/store.ts'
import type { Bound, Cell, Connection } from '../../src/lib/engine/connection.ts'
import { rollUpsOf } from '../../src/lib/ask/roll.ts'
import { measures } from '../../src/lib/panels/measures/measures.ts'
import { dayOf } from '../../src/lib/schema/day.ts'
import type { Part } from '../../src/lib/schema/manifest.ts'
import { decoded, rowGroupOf } from '../star/incoming.ts'
import { randomOf } from '../device/site.ts'
import { columnsOf } from './hits.ts'

export const day = 86_400_000
export const start = Date.UTC(2026, 9, 20)
export const dayCount = 12
const now = start + dayCount * day

export const random = randomOf(11)
/** Visitors are told anew every day, and are people or bots. */
const hitOf = (seq: number, at: number): Record<string, Bound> => {
  const [visitor, asn] = [random.below(12), random.below(9)]
  return {
    seq,
    ...columnsOf(random),
    time: at + (visitor % 3 ? random.below(day) : 43_200_000 + random.below(3_600_000)),
    method: random.pick(['GET', 'GET', 'POST', null]),
    path: random.pick(['/', '/a', '/b', '/api/c', '/orders/1', '/orders/22', null]),
    bytes: random.pick([null, random.below(100_000)]),
    duration: random.pick([null, random.below(500), random.below(900_000) / 1000]),
    browser_version: random.pick([null, '1', '2']),
    is_bot: visitor % 4 === 0,
    ip: `192.0.2.${asn}`,
    asn,
    as_org: [null, 'One', 'Two'][asn % 3]!,
    visitor: (at / day) * 100 + visitor
  }
}

export const partOf = (at: number, position: number, rows: number): Part => ({
  id: `${dayOf(at)}-${position}`,
  day: dayOf(at),
  ranges: [{ from: position, to: position + 1 }],
  revision: 0,
  rows,
  bytes: 0,
  sha256: '',
  min_time: at,
  max_time: at
})

const none: ReadonlySet<string> = new Set()

export type Row = Record<string, Cell>

/** A store with parts of a day each, that is asked with its roll-ups and without. */
export class Copy {
  readonly connection: Connection
  readonly store: Store
  readonly query: Query
  #isPlain = false
  #position = 1

  constructor(connection: Connection) {
    this.connection = connection
    this.store = new Store(connection)
    this.query = new Query(connection, () => (this.#isPlain ? none : this.store.rolled))
  }

  async ask(question: Question, isPlain: boolean): Promise<Row[]> {
    this.#isPlain = isPlain
    this.query.version++
    return this.query.ask(question)
  }

  async load(at: number, count: number, special: Record<string, Bound> = {}) {
    const position = this.#position++
    const rows = Array.from({ length: count }, (_, i) => ({
      ...hitOf(position * 65_536 + i, at),
      ...special
    }))
    await this.store.load([partOf(at, position, count)], () => decoded([rowGroupOf(rows)]))
  }

  openRolls() {
    return this.store.openRolls(rollUpsOf(measures))
  }

  async roll() {
    for (const days of await this.store.planRolls(now)) await this.store.roll(days, rollUpsOf(measures))
  }
}
