import { trustsOf } from '#lib/accept/proxies.ts'
import { isWithin, keyOf, rangesOf, type CrawlerLists, type Range } from './crawler-lists.ts'
import { crawlers, type Crawler } from './crawlers.ts'

/** What an address says of a crawler's claim; null where nothing can be told. */
export type Proof = 'verified' | 'impostor' | null

/** What an address says of a crawler's requests between two times, in milliseconds since 1970. */
export interface Finding {
  readonly proof: Proof
  readonly from: number
  readonly to: number
}

/** Whether an address, in an autonomous system, is one of a crawler. */
export type Prove = (crawler: Crawler, ip: string, asn: number | null) => Finding

const unknown: Finding = { proof: null, from: 0, to: 0 }
const verified: Finding = { proof: 'verified', from: -Infinity, to: Infinity }

interface Known {
  readonly crawler: Crawler
  readonly names: ReadonlySet<string>
  readonly says: RegExp
}

/** By the name that known-bots.ts shows. */
const known: readonly Known[] = crawlers.map((crawler) => {
  const names = crawler.names.split(', ')
  const words = names
    .toSorted((a, b) => b.length - a.length)
    .map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('|')
  // At the start, or in a comment, and followed by a version or the end of a remark.
  const says = `^(?:${words})(?:-[a-z]+)*(?:$|[/;, ])|(?<!\\b(?:like|as|not|for|from) )(?<=[(; ])(?:${words})(?:-[a-z]+)*(?:/[\\d.]|[;)]| ?\\(?\\+)`
  return { crawler, names: new Set(names.map((name) => name.toLowerCase())), says: new RegExp(says, 'i') }
})

/**
 * The crawler that an agent says to be, with the name that was read from it. Null for one that only mentions a crawler:
 * `like Googlebot`, or a word of another program's name.
 */
export function claimOf(agent: string, name: string | null): Crawler | null {
  if (name === null) return null
  const lower = name.toLowerCase()
  return known.find(({ names, says }) => names.has(lower) && says.test(agent))?.crawler ?? null
}

/** Networks that pass on the requests of others: Cloudflare, Fastly, Akamai, Imperva, Sucuri. */
const relays: ReadonlySet<number> = new Set([13335, 54113, 12222, 16625, 20940, 32787, 19551, 30148])
const isOfCloudflare = trustsOf(['cloudflare'])

/** So long before and after its day a list refutes a claim: an operator's networks are another's in other years. */
const validity = 365 * 86_400_000

interface Opened {
  readonly ranges: readonly Range[]
  readonly day: number
}

/** Opens the lists. A list with no range in it counts as missing. */
export function openCrawlers(lists: CrawlerLists): Prove {
  const opened = new Map<string, Opened>()
  for (const [name, { day, entries }] of Object.entries(lists)) {
    const read = rangesOf(entries.split(' '))
    if (read.length) opened.set(name, { ranges: read, day: Date.parse(day) })
  }
  const refutes = new Map(crawlers.map((crawler) => [crawler, refutation(crawler, opened)]))
  return (crawler, ip, asn) => {
    const key = wholeKey(ip)
    if (key === null) return unknown
    if (crawler.lists.some((name) => isWithin(opened.get(name)?.ranges ?? [], key))) return verified
    if (asn !== null && crawler.own?.includes(asn)) return verified
    if (asn !== null && (crawler.shared?.includes(asn) || relays.has(asn))) return unknown
    return isOfCloudflare(ip) ? unknown : refutes.get(crawler)!
  }
}

/** What an address says that is in none of the crawler's lists. */
function refutation({ lists, isComplete }: Crawler, opened: ReadonlyMap<string, Opened>): Finding {
  const days = lists.map((name) => opened.get(name)?.day ?? NaN)
  if (!isComplete || days.some(Number.isNaN)) return unknown
  return { proof: 'impostor', from: Math.max(...days) - validity, to: Math.min(...days) + validity }
}

/** The key of an address that is all there. One that ends in zeros may have been cut by whoever logged it. */
function wholeKey(ip: string): string | null {
  const key = keyOf(ip)
  return key === null || key.endsWith(key.length === 9 ? '00' : '0'.repeat(16)) ? null : key
}
