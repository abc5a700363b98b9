import { countRefusals } from '#lib/accept/refusals.ts'
import { allSites } from '../access/tokens.ts'
import type { Answered } from './deliver.ts'
import type { Share } from './spread.ts'
import type { Refused } from '../store/quarantine.ts'

/** Refusals told in the answer; more of them are in quarantine. */
const toldErrors = 20

interface Told {
  refusals: Refused[]
  /** No record of the batch could be read, also where it came before. */
  isRefused: boolean
  batch: string | null
  /** What the owner should mend, though nothing was refused for it. */
  warnings: readonly string[]
}

/** What a forwarder is told of its batch: the counts, in all and of each site. */
export function answer(
  bySite: ReadonlyMap<string, Answered>,
  { refusals, isRefused, batch, warnings }: Told
) {
  const outcomes = [...bySite.values()]
  const sum = (name: 'received' | 'accepted' | 'duplicate' | 'rejected') =>
    outcomes.reduce((total, outcome) => total + outcome[name], 0)
  const counts = {
    received: sum('received'),
    accepted: sum('accepted'),
    duplicate: sum('duplicate'),
    rejected: sum('rejected')
  }
  const unkept = outcomes.reduce((total, { unkept = 0 }) => total + unkept, 0)
  const warned = unkept > 0 ? [...warnings, notKept(unkept)] : warnings
  const isKnown = outcomes.length > 0 && outcomes.every((outcome) => outcome.known)
  const isAgain = isKnown || (counts.duplicate > 0 && counts.duplicate === counts.received)
  const status = isRefused ? 'rejected' : isAgain ? 'duplicate' : counts.rejected > 0 ? 'partial' : 'ok'
  const sites = [...bySite]
    .filter(([site]) => site !== allSites)
    .map(([site, { accepted, duplicate, rejected }]) => ({ site, accepted, duplicate, rejected }))
  return {
    status,
    ...counts,
    sites,
    errors: told(refusals),
    ...(batch === null ? {} : { batch }),
    ...(warned.length > 0 && { warnings: warned })
  }
}

const notKept = (records: number) =>
  `${records} refused records of this batch are counted but not kept, so they can't be retried. ` +
  'Send them again in a batch of their own once they can be read.'

/** What the batch would become: the first hits of each site, and the refusals. */
export function preview(shares: ReadonlyMap<string, Share>, refusals: Refused[]) {
  const sites = [...shares]
    .filter(([site]) => site !== allSites)
    .map(([site, { hits }]) => ({ site, accepted: hits.length, hits: hits.slice(0, toldErrors) }))
  const rejected = [...shares.values()].reduce((sum, share) => sum + countRefusals(share), 0)
  return { status: 'dry_run', rejected, sites, errors: told(refusals) }
}

function told(refusals: Refused[]) {
  return refusals
    .slice(0, toldErrors)
    .map(({ index, reason, message, sample }) => ({ index, reason, message, sample }))
}
