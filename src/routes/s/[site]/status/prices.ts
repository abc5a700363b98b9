import type { Operation } from '#lib/schema/status.ts'

/** What a site uses in a month: operations, and GB of storage for as long. */
export type Use = Record<Operation, number> & { objects: number; database: number }

export interface Price {
  title: string
  unit: '' | 'GB' | 'GB s'
  of: (use: Use) => number
  /** What the paid plan includes a month, for all that the account runs. */
  included: number
  /** Dollars for each `per` beyond it. */
  dollars: number
  per: number
}

const million = 1_000_000
/** What an object is billed for while it works, whatever it needs. */
const memory = 0.128

/** Dollars a month for the Workers Paid plan itself. */
export const plan = 5

/**
 * Cloudflare's list prices of August 2026, from developers.cloudflare.com: /workers/platform/pricing,
 * /durable-objects/platform/pricing and /r2/pricing. CPU time of the Worker is not among them: nothing in a Worker can
 * measure it, and 30 million ms a month are included.
 */
export const prices: readonly Price[] = [
  {
    title: 'Requests to the Worker',
    unit: '',
    of: ({ request }) => request,
    included: 10 * million,
    dollars: 0.3,
    per: million
  },
  {
    title: 'Requests to the store',
    unit: '',
    of: ({ request, alarm }) => request + alarm,
    included: million,
    dollars: 0.15,
    per: million
  },
  {
    title: 'Time of the store',
    unit: 'GB s',
    of: ({ active_ms }) => (active_ms / 1000) * memory,
    included: 400_000,
    dollars: 12.5,
    per: million
  },
  {
    title: 'Rows read',
    unit: '',
    of: ({ row_read }) => row_read,
    included: 25_000 * million,
    dollars: 0.001,
    per: million
  },
  {
    title: 'Rows written',
    unit: '',
    of: ({ row_written }) => row_written,
    included: 50 * million,
    dollars: 1,
    per: million
  },
  {
    title: 'The log and the manifest',
    unit: 'GB',
    of: ({ database }) => database,
    included: 5,
    dollars: 0.2,
    per: 1
  },
  {
    title: 'Objects written or listed',
    unit: '',
    of: ({ object_put }) => object_put,
    included: million,
    dollars: 4.5,
    per: million
  },
  {
    title: 'Objects read',
    unit: '',
    of: ({ object_read }) => object_read,
    included: 10 * million,
    dollars: 0.36,
    per: million
  },
  {
    title: 'Parts',
    unit: 'GB',
    of: ({ objects }) => objects,
    included: 10,
    dollars: 0.015,
    per: 1
  }
]
