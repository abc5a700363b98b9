import { isReserved, readAddress } from './address.ts'

/** A published list of the addresses that a crawler comes from, or of the keys that an agent signs with. */
export interface CrawlerList {
  /** The day of its publication, or of its download: YYYY-MM-DD. */
  readonly day: string
  /** Networks and single addresses, or public Ed25519 keys as base64url, with spaces between. */
  readonly entries: string
  /** What its source called this version of it. */
  readonly etag?: string
}

/** The lists by name. */
export type CrawlerLists = Readonly<Record<string, CrawlerList>>

/** The lists in a file such as crawlers.json, which comes with Loggia. Throws if it is no such file. */
export function readLists(text: string): CrawlerLists {
  const { lists } = JSON.parse(text) as { lists?: Record<string, Partial<CrawlerList> | null> }
  const isList = (list: Partial<CrawlerList> | null) =>
    /^\d{4}-\d\d-\d\d$/.test(list?.day ?? '') &&
    typeof list?.entries === 'string' &&
    (list.etag === undefined || typeof list.etag === 'string')
  if (!lists || typeof lists !== 'object' || Array.isArray(lists) || !Object.values(lists).every(isList))
    throw new Error('crawlers.json: this is not a file of lists')
  return lists as CrawlerLists
}

/** The first and the last address of a network, as keys that compare as addresses do. */
export type Range = readonly [from: string, to: string]

/** Of each list the newest. */
export function newestOf(files: readonly CrawlerLists[]): CrawlerLists {
  const newest: Record<string, CrawlerList> = {}
  for (const [name, list] of files.flatMap((lists) => Object.entries(lists)))
    if (!newest[name] || newest[name].day <= list.day) newest[name] = list
  return newest
}

const bytes = new Uint8Array(16)
const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** A key of an address: `4` or `6`, and its bytes as hexadecimal digits. Null for what is no address of the internet. */
export function keyOf(ip: string): string | null {
  const width = readAddress(ip, bytes)
  if (width === 0 || isReserved(bytes, width)) return null
  let key = width === 4 ? '4' : '6'
  for (let at = 0; at < width; at++) key += hex[bytes[at]!]!
  return key
}

/** Wider than this no crawler's network is. */
const widest = { 4: 8, 6: 20 }

/** The range of `192.0.2.0/24`, or of one address. Null for what is neither, is too wide, or is not of the internet. */
export function readRange(text: string): Range | null {
  const [, base = '', length] = /^([\da-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? []
  const key = keyOf(base)
  if (key === null) return null
  const digits = key.length - 1
  const bits = length === undefined ? 4 * digits : Number(length)
  if (bits > 4 * digits || bits < widest[digits === 8 ? 4 : 6]) return null
  const kept = key.slice(0, 1 + Math.floor(bits / 4))
  const rest = digits - kept.length + 1
  if (rest === 0) return [key, key]
  const digit = parseInt(key[kept.length]!, 16)
  const mask = 15 >> (bits % 4)
  const end = (last: number, fill: string) => kept + last.toString(16) + fill.repeat(rest - 1)
  return [end(digit & ~mask, '0'), end(digit | mask, 'f')]
}

/** Whether a key lies in one of the ranges, which are in order and apart. */
export function isWithin(ranges: readonly Range[], key: string): boolean {
  let low = 0
  let high = ranges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (ranges[middle]![1] < key) low = middle + 1
    else high = middle
  }
  const found = ranges[low]
  return found !== undefined && found[0] <= key
}

/** The ranges of a list in order, those within others left out. */
export function rangesOf(texts: readonly string[]): Range[] {
  return inOrder(texts).map(({ range }) => range)
}

/** The networks of a list as it is kept: in order, those within others and those that are no network left out. */
export const tidyRanges = (texts: readonly string[]): string[] =>
  inOrder(texts).map(({ text }) => text.toLowerCase().replace(text.includes(':') ? /\/128$/ : /\/32$/, ''))

function inOrder(texts: readonly string[]): { text: string; range: Range }[] {
  const read = texts.flatMap((text) => {
    const range = readRange(text)
    return range ? [{ text, range }] : []
  })
  read.sort((a, b) =>
    a.range[0] < b.range[0] ? -1 : a.range[0] > b.range[0] ? 1 : a.range[1] < b.range[1] ? 1 : -1
  )
  let end = ''
  return read.filter(({ range }) => {
    const isNew = range[1] > end
    if (isNew) end = range[1]
    return isNew
  })
}
