import { count, exact, percent, text } from '#lib/format/number.ts'
import type { ArchOf } from '../arches.ts'

/** The key figures of attacks, logins and pages of administration. */
export interface Attacks {
  attacks: number
  /** With 2xx. */
  answered: number
  /** With 4xx or 5xx. */
  refused: number
  /** Addresses, or host names where the log has no addresses. */
  senders: number
  attempts: number
  failed_logins: number
  admin: number
  admin_answered: number
}

const share = (part: number, whole: number) => (whole ? part / whole : null)

export const securityArches: readonly ArchOf<Attacks>[] = [
  {
    name: 'attacks',
    title: 'Attack requests',
    color: 'var(--t-suspect)',
    format: count,
    unit: 'share',
    better: 'down',
    of: ({ attacks }) => attacks,
    aside: ({ senders }) => `from ${exact(senders)} ${senders === 1 ? 'address' : 'addresses'}`
  },
  {
    name: 'answered',
    title: 'Answered with 2xx',
    color: 'var(--bad)',
    format: count,
    unit: 'share',
    better: 'down',
    of: ({ answered }) => answered,
    aside: ({ answered }) => (answered ? 'check these first' : 'none')
  },
  {
    name: 'senders',
    title: 'Attacking addresses',
    color: 'var(--t-suspect)',
    format: count,
    unit: 'share',
    better: 'down',
    of: ({ senders }) => senders,
    aside: ({ attacks, senders }) => (senders ? `${text(count(attacks / senders))} requests each` : '')
  },
  {
    name: 'failed_logins',
    title: 'Failed logins',
    color: 'var(--t-bot)',
    format: count,
    unit: 'share',
    better: 'down',
    of: (figures) => figures.failed_logins,
    aside: ({ attempts }) => `of ${exact(attempts)} attempts`
  },
  {
    name: 'admin',
    title: 'Admin requests',
    color: 'var(--t-human)',
    format: count,
    unit: 'share',
    of: ({ admin }) => admin,
    aside: (figures) => `${exact(figures.admin_answered)} answered`
  },
  {
    name: 'refused',
    title: 'Attacks refused',
    color: 'var(--good)',
    format: percent,
    unit: 'points',
    better: 'up',
    of: ({ refused, attacks }) => share(refused, attacks),
    aside: ({ attacks }) => (attacks ? 'with 4xx or 5xx' : 'no attacks')
  }
]
