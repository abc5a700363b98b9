import { operations, type Status } from '#lib/schema/status.ts'
import { plan, prices, type Price, type Use } from './prices.ts'

interface CostRow {
  price: Price
  amount: number
  /** Of what the plan includes, from 0. */
  share: number
  /** Dollars beyond it. */
  due: number
}

export interface Cost {
  rows: CostRow[]
  /** Dollars a month, the plan with it. */
  total: number
  /** How long operations were counted, ms. */
  counted: number
  /** Too short for a rate. */
  isEarly: boolean
}

const month = 30 * 86_400_000
const gigabyte = 1_000_000_000
/** The burst of a first hour says little of a month: nothing shorter is taken for a rate. */
const shortest = 3_600_000

/** What a month costs when all goes on as it did since counting began, were this the only site of the account. */
export function costOf({ at, operations: { since, counts }, stored }: Status): Cost {
  const counted = at - since
  const times = month / Math.max(counted, shortest)
  const use = Object.fromEntries(operations.map((name) => [name, counts[name] * times])) as Use
  use.objects = stored.objects / gigabyte
  use.database = stored.database / gigabyte
  const rows = prices.map((price) => {
    const amount = price.of(use)
    const due = (Math.max(0, amount - price.included) / price.per) * price.dollars
    return { price, amount, share: amount / price.included, due }
  })
  return { rows, total: rows.reduce((sum, { due }) => sum + due, plan), counted, isEarly: counted < shortest }
}

/** `$5.00`; what is less than a cent is said to be. */
export function dollars(amount: number): string {
  if (amount === 0) return '$0'
  return amount < 0.01 ? 'under $0.01' : `$${amount.toFixed(2)}`
}
