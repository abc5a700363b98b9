import { fill } from '#lib/engine/fill.ts'
import type { ColumnName } from '#lib/schema/hit.ts'
import { fieldOf, namesOf } from '#lib/star/star.ts'
import { hitSql, signs, type SignName } from '#lib/verdict/hit.ts'
import { owner } from '#lib/verdict/judge.ts'
import type { KindName } from '#lib/verdict/kinds.ts'
import days from './days.sql?raw'
import figures from './figures.sql?raw'
import known from './known.sql?raw'
import reasons from './reasons.sql?raw'
import requests from './requests.sql?raw'
import type { Subject } from './subject.ts'
import ofVisitor from './subject.sql?raw'
import visits from './visits.sql?raw'

const wordIs = (field: ColumnName, variable: string) =>
  `${field} > 0 AND ${field} IN (SELECT id FROM words WHERE field = ${fieldOf(field)} AND word = getvariable('${variable}'))`
const clientIs = (...tests: string[]) =>
  `client IN (SELECT client FROM clients WHERE ${tests.map((test) => `(${test})`).join(' OR ')})`

/** A test of a `word`, by the list that `readNetwork` gives. */
const isInRange = `starts_with(word, getvariable('range')[1])
  AND wide_address(word) BETWEEN getvariable('range')[2] AND getvariable('range')[3]`

/** SQL that is true for the hits of a subject; the variable of its kind holds its value. */
const testOf: Record<Subject['kind'], string> = {
  visitor: fill(ofVisitor, { flags: String(fieldOf('flags')) }),
  address: clientIs(wordIs('ip', 'address'), wordIs('client_name', 'address')),
  range: clientIs(`ip IN (SELECT id FROM words WHERE field = ${fieldOf('ip')} AND ${isInRange})`),
  network: clientIs(wordIs('asn', 'network'), wordIs('as_org', 'network'))
}

/** The order of a visitor's requests: the time of its day, then where they stand in the log. */
const moment = 'epoch_ms(time) % 86_400_000 * 68_719_476_736 + seq % 68_719_476_736'

const gaps = {
  flags: String(fieldOf('flags')),
  owner: `'${owner}'`,
  moment,
  word: (column: string) =>
    `(SELECT value FROM ${namesOf(column as ColumnName)} WHERE key = clients.${column})`,
  names: (column: string) => namesOf(column as ColumnName)
}

const ask = (sql: string, kind: Subject['kind'], more: Record<string, string> = {}) =>
  fill(sql, {
    ...gaps,
    hit: hitSql(`(FROM selected('', 'now') WHERE ${testOf[kind]})`, true),
    subject: testOf[kind],
    ...more
  })

/** What the device holds of a subject, and what its last client tells. */
export interface Known {
  requests: number
  clients: number
  first: number
  last: number
  /** The site keeps only the network's part of its address. */
  is_cut: boolean
  ip: string | null
  client_name: string | null
  country: string | null
  region: string | null
  city: string | null
  asn: string | null
  as_org: string | null
  user_agent: string | null
  browser: string | null
  browser_version: string | null
  os: string | null
  os_version: string | null
  device: string | null
  bot_name: string | null
}
export const knownOf = (kind: Subject['kind']) => ask(known, kind)

export interface Figures {
  requests: number
  visitors: number
  visits: number
  pages: number
  probes: number
  /** Attacks that were answered. */
  answered: number
  bytes: number
  first: number | null
  last: number | null
}
export const figuresOf = (kind: Subject['kind']) => ask(figures, kind)

/** A visitor of one UTC day. */
export interface Day {
  hash: string
  kind: KindName
  /** The weights of what speaks for and against it, without the owner's word. */
  score: number
  first: number
  last: number
  requests: number
  /** All requests of the day, by which it was judged. */
  judged: number
  pages: number
  probes: number
  answered: number
  listed: number
  /** The slots of the day that have requests, how many, and the most telling of them: a place in `marks`. */
  slots: number[]
  marks: number[]
  counts: number[]
  ip: string | null
  client_name: string | null
  user_agent: string | null
  browser: string | null
  os: string | null
  bot_name: string | null
}
/** What a slot of a day has. */
export const marks = ['Asset or other', 'Page', 'Probe', 'Attack that got an answer'] as const
/** The milliseconds of a slot. */
export const slot = 300_000
export const mostDays = 100
/** A network or a range is listed by its busiest visitors, all else from the last day. */
export const daysOf = (kind: Subject['kind']) => askDays(kind, testOf[kind], mostDays)
/** Visitors of a network that are not of the subject. */
export const neighborsOf = (kind: Subject['kind'], most: number) =>
  askDays('network', `(${testOf.network}) AND NOT (${testOf[kind]})`, most)

const askDays = (kind: Subject['kind'], test: string, most: number) =>
  ask(days, kind, {
    hit: hitSql(`(FROM selected('', 'now') WHERE ${test})`, true),
    order: kind === 'network' || kind === 'range' ? 'requests DESC, visitor' : 'first DESC, visitor',
    most: String(most),
    slot: String(slot)
  })

export interface Reason {
  rule: string
  weight: number
  hits: number
}
export const reasonsSql = fill(reasons, {})

export interface Visit {
  visit: number
  hash: string
  kind: KindName
  ip: string | null
  client_name: string | null
  browser: string | null
  bot_name: string | null
  first: number
  last: number
  requests: number
  pages: number
  assets: number
  probes: number
  answered: number
  bytes: number
  /** Its place among all visits, from the first. */
  number: number
  listed: number
  entry_page: string | null
  exit_page: string | null
  source: string | null
}
export const mostVisits = 200
export const visitsOf = (kind: Subject['kind']) => ask(visits, kind, { most: String(mostVisits) })

export interface Request {
  seq: number
  visit: number
  time: number
  status: number | null
  method: string | null
  path: string | null
  query: string | null
  referrer: string | null
  bytes: number | null
  duration: number | null
  /** The family of probes that its path or its query is of. */
  family: string | null
  is_asset: boolean
  is_page_view: boolean
  is_answered_attack: boolean
  listed: number
}
/** Which requests are listed: those that a rule saw, or one of these. */
export const shown = { ...signs, probe: 'is_probe', answered: 'is_attack AND is_answered' } as const
export type Shown = SignName | 'probe' | 'answered'
/** The latest of each visit, up to `each`, and so many visits' worth of them in all. */
export const requestsOf = (kind: Subject['kind'], sign: Shown, each: number) =>
  ask(requests, kind, { sign: shown[sign], each: String(each), most: String(fullVisits * each) })
const fullVisits = 5
