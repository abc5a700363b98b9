import { operations, type Usage } from '#lib/schema/status.ts'
import { plan, prices, type Price, type Use } from './prices.ts'

interface CostRow {
  price: Price
  amount: number
  /** Of what the plan includes, from 0. */
  share: number
  /** Dollars beyond it. */
  due: number
  /** How much of the amount is of the site that is looked at, 0 to 1; null if there is none. */
  own: number | null
}

export interface Cost {
  rows: CostRow[]
  /** Dollars a month, the plan with it. */
  total: number
  /** Dollars of it, beyond the plan, that the site that is looked at has used. */
  own: number
  /** How long operations were counted, ms. */
  counted: number
  /** Too short for a rate. */
  isEarly: boolean
}

const month = 30 * 86_400_000
const gigabyte = 1_000_000_000
/** The burst of a first hour says little of a month: nothing shorter is taken for a rate. */
const shortest = 3_600_000

/** What a site uses in a month when all goes on as it did since counting began. */
function useOf({ at, operations: { since, counts }, stored }: Usage): Use {
  const times = month / Math.max(at - since, shortest)
  const use = Object.fromEntries(operations.map((name) => [name, counts[name] * times])) as Use
  use.objects = stored.objects / gigabyte
  use.database = stored.database / gigabyte
  return use
}

/** What a month costs an installation of these sites, were it all that the account runs; `own` is one of them. */
export function costOf(sites: readonly Usage[], own: Usage): Cost {
  const uses = sites.map(useOf)
  const ownUse = useOf(own)
  const rows = prices.map((price) => {
    const amount = uses.reduce((sum, use) => sum + price.of(use), 0)
    const due = (Math.max(0, amount - price.included) / price.per) * price.dollars
    const share = amount / price.included
    return { price, amount, share, due, own: amount ? Math.min(1, price.of(ownUse) / amount) : null }
  })
  const counted = Math.max(...sites.map(({ at, operations: { since } }) => at - since))
  return {
    rows,
    total: rows.reduce((sum, { due }) => sum + due, plan),
    own: rows.reduce((sum, { due, own }) => sum + due * (own ?? 0), 0),
    counted,
    isEarly: counted < shortest
  }
}

/** `$5.00`; what is less than a cent is said to be. */
export function dollars(amount: number): string {
  if (amount === 0) return '$0'
  return amount < 0.01 ? 'under $0.01' : `$${amount.toFixed(2)}`
}
