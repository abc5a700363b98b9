import { fill } from '#lib/engine/fill.ts'
import { bytes, count, exact, percent, text } from '#lib/format/number.ts'
import { fieldOf } from '#lib/star/star.ts'
import { placeOf } from '#lib/verdict/classes.ts'
import { slotSql, type ArchOf } from '../arches.ts'
import arches from './arches.sql?raw'

/** The key figures of bots; requests but for `bytes`, `ai_bytes` and `impostors`, which are visitors. */
interface Machines {
  requests: number
  bytes: number
  bots: number
  /** Of bots whose address or signature shows who they are. */
  proven: number
  suspicious: number
  ai: number
  ai_bytes: number
  /** Of impostors. */
  pretended: number
  impostors: number
}

export const archesOf = (period: 'now' | 'previous'): string =>
  fill(arches, {
    period,
    slot: slotSql(period),
    bot_purpose: String(fieldOf('bot_purpose')),
    bot_proof: String(fieldOf('bot_proof')),
    bots: String(placeOf('bots')),
    suspicious: String(placeOf('suspicious'))
  })

const share = (part: number, whole: number) => (whole ? part / whole : null)
const shareOf = (part: number, whole: number, what: string) =>
  whole ? `${text(percent(part / whole))} of ${what}` : ''

export const botArches: readonly ArchOf<Machines>[] = [
  {
    name: 'bots',
    title: 'Bot share',
    color: 'var(--t-bot)',
    format: percent,
    unit: 'points',
    of: ({ bots, requests }) => share(bots, requests),
    aside: ({ bots }) => `${exact(bots)} requests`
  },
  {
    name: 'ai',
    title: 'AI crawler requests',
    color: 'var(--t-bot)',
    format: count,
    unit: 'share',
    of: ({ ai }) => ai,
    aside: ({ ai, requests }) => shareOf(ai, requests, 'requests')
  },
  {
    name: 'ai_bytes',
    title: 'Sent to AI crawlers',
    color: 'var(--c-plum)',
    format: bytes,
    unit: 'share',
    of: (figures) => figures.ai_bytes,
    aside: (figures) => shareOf(figures.ai_bytes, figures.bytes, 'bytes')
  },
  {
    name: 'proven',
    title: 'Verified or signed',
    color: 'var(--good)',
    format: percent,
    unit: 'points',
    of: ({ proven, bots }) => share(proven, bots),
    aside: () => 'of bot requests'
  },
  {
    name: 'impostors',
    title: 'Impostors',
    color: 'var(--t-suspect)',
    format: count,
    unit: 'share',
    better: 'down',
    of: ({ impostors }) => impostors,
    aside: ({ pretended }) => `${exact(pretended)} requests`
  },
  {
    name: 'suspicious',
    title: 'Suspicious share',
    color: 'var(--t-suspect)',
    format: percent,
    unit: 'points',
    better: 'down',
    of: ({ suspicious, requests }) => share(suspicious, requests),
    aside: ({ suspicious }) => `${exact(suspicious)} requests`
  }
]
