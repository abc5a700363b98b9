import { operations, type Operation, type Status } from '#lib/schema/status.ts'
import { describe, expect, it } from 'vitest'
import { readOutcomes } from '../../src/routes/outcomes.ts'
import { costOf, dollars } from '../../src/routes/s/[site]/status/cost.ts'
import { plan, prices } from '../../src/routes/s/[site]/status/prices.ts'
import { lagText, rateText } from '../../src/lib/format/rate.ts'

describe('outcomes', () => {
  it('are taken, refused by reason, or let go', () => {
    const counted = { accepted: 90, duplicate: 4, json: 1, line: 5, erased: 2, set_aside: 8, put_back: 8 }
    expect(readOutcomes(counted)).toEqual({
      received: 100,
      accepted: 90,
      duplicate: 4,
      refused: 6,
      reasons: [
        ['line', 5],
        ['json', 1]
      ],
      gone: [['erased', 2]]
    })
  })

  it('are none of a site that was sent nothing', () => {
    expect(readOutcomes({})).toMatchObject({ received: 0, refused: 0, reasons: [], gone: [] })
  })
})

const day = 86_400_000
const statusOf = (counts: Partial<Record<Operation, number>>, days: number, stored = 0) =>
  ({
    at: days * day,
    operations: {
      since: 0,
      counts: { ...Object.fromEntries(operations.map((name) => [name, 0])), ...counts }
    },
    stored: { objects: stored, database: 0 }
  }) as unknown as Status

const costOfOne = (status: Status) => costOf([status], status)

describe('what a month costs', () => {
  it('is of all sites, with the share of one', () => {
    // 3 and 12 million in 3 days are 150 million a month, of which 10 million are included.
    const [own, other] = [3_000_000, 12_000_000].map((request) => statusOf({ request }, 3)) as [
      Status,
      Status
    ]
    const cost = costOf([own, other], own)
    expect(cost.rows[0]).toMatchObject({ amount: 150e6, due: 42, own: 0.2 })
    expect(cost.own).toBeCloseTo((cost.total - plan) * 0.2)
    expect(cost.rows.find(({ price }) => price.title === 'Parts')).toMatchObject({ amount: 0, own: null })
  })

  it('is the plan while everything is included', () => {
    const cost = costOfOne(statusOf({ request: 1_000, object_put: 10 }, 1, 9e9))
    expect(cost.total).toBe(plan)
    expect(cost.rows.every(({ due }) => due === 0)).toBe(true)
  })

  it('is counted at the rate of the days so far, beyond what is included', () => {
    const dueOf = (title: string, status: Status) =>
      costOfOne(status).rows.find(({ price }) => price.title === title)
    // 3 million in 3 days are 30 million a month, of which 10 million are included.
    const requests = statusOf({ request: 3_000_000 }, 3)
    expect(dueOf('Requests to the Worker', requests)).toMatchObject({ amount: 30e6, share: 3, due: 6 })
    expect(dueOf('Requests to the store', requests)?.due).toBeCloseTo(29 * 0.15)
    // Storage is what there is, whatever the days.
    expect(dueOf('Parts', statusOf({}, 3, 110e9))).toMatchObject({ amount: 110, due: 1.5 })
    // An object is billed for 128 MB for as long as it works.
    expect(dueOf('Time of the store', statusOf({ active_ms: day }, 1))?.amount).toBeCloseTo(331_776)
    expect(costOfOne(requests).total).toBeCloseTo(plan + 6 + 29 * 0.15)
  })

  it('takes nothing shorter than an hour for a rate', () => {
    expect(costOfOne(statusOf({ request: 1 }, 0)).rows[0]?.amount).toBe(720)
  })

  it('has a price for every operation that is counted', () => {
    const moved = operations.filter((name) => {
      const use = Object.fromEntries(operations.map((other) => [other, other === name ? 1e12 : 0]))
      return prices.some((price) => price.of(use as Parameters<typeof price.of>[0]) > 0)
    })
    expect(moved).toEqual([...operations])
  })

  it.each([
    [0, '$0'],
    [0.004, 'under $0.01'],
    [5, '$5.00'],
    [1234.5, '$1234.50']
  ])('of %d is said as %s', (amount, said) => expect(dollars(amount)).toBe(said))
})

it.each([
  [0, 'none'],
  [12_345, '12.3k a second'],
  [1, '1 a second'],
  [0.5, '30 a minute'],
  [0.01, '36 an hour']
])('says %d a second as %s', (rate, said) => expect(rateText(rate)).toBe(said))

it.each([
  [null, '–'],
  [250, '250\u00a0ms'],
  [30_000, '30.0\u00a0s'],
  [7 * 86_400_000, '7 days']
])('says a lag of %d as %s', (lag, said) => expect(lagText(lag)).toBe(said))
