import { detectSql, logins, sourceOf } from '#lib/detect/detect.ts'
import { detections } from '#lib/detect/detections.ts'
import { fill } from '#lib/engine/fill.ts'
import type { ColumnName } from '#lib/schema/hit.ts'
import { probeFamilies } from '#lib/star/probes.ts'
import { fieldOf, namesOf } from '#lib/star/star.ts'
import { slotSql } from '../arches.ts'
import admin from './admin.sql?raw'
import answered from './answered.sql?raw'
import arches from './arches.sql?raw'
import attempts from './attempts.sql?raw'
import blocked from './blocked.sql?raw'
import lanes from './lanes.sql?raw'
import loginsSql from './logins.sql?raw'
import offenders from './offenders.sql?raw'
import probes from './probes.sql?raw'
import secrets from './secrets.sql?raw'
import targets from './targets.sql?raw'

const fields: readonly ColumnName[] = ['path', 'query', 'user_agent', 'referrer']
const attacks = probeFamilies
  .filter(({ isAttack }) => isAttack)
  .map(({ name }) => `'${name}'`)
  .join(', ')

const names = {
  ...Object.fromEntries(fields.map((name) => [name, String(fieldOf(name))])),
  paths: namesOf('path'),
  queries: namesOf('query'),
  methods: namesOf('method'),
  ips: namesOf('ip'),
  orgs: namesOf('as_org'),
  countries: namesOf('country'),
  proofs: namesOf('bot_proof')
}

/** `own` is the column whose chosen values stay among the others. */
const ask = (
  sql: string,
  own = '',
  period: 'now' | 'previous' = 'now',
  more: Record<string, string> = {}
) => {
  const chosen = { ...names, attacks, own, period, ...more }
  return fill(sql, {
    ...chosen,
    probes: fill(probes, chosen).trim(),
    attempts: fill(attempts, { ...chosen, logins }).trim()
  })
}

/** What a family of probes did: of each slot of the period that has any. */
export interface Lane {
  family: string
  requests: number
  answered: number
  addresses: number
  slots: number[]
  counts: number[]
  hits: number[]
}
export const lanesOf = (period: 'now' | 'previous') => ask(lanes, '', period, { slot: slotSql(period) })

/** An attack that was answered with 2xx. */
export interface Answered {
  path: string | null
  query: string | null
  method: string | null
  family: string
  status: number
  bytes: number | null
  /** The bytes that other answers at the path have; null where there are too few. */
  usual: number | null
  requests: number
  last: number
  ip: string | null
  as_org: string | null
  addresses: number
  listed: number
}
export const answeredSql = ask(answered)

/** Who sent probes. */
export interface Offender {
  name: string
  as_org: string | null
  requests: number
  attacks: number
  answered: number
  families: string[]
  first: number
  last: number
  listed: number
}
interface Grouping {
  readonly name: 'ip' | 'range' | 'as_org' | 'country'
  readonly title: string
  readonly own: 'ip' | 'as_org' | 'country'
  /** SQL for the group. */
  readonly key: string
}
const rangeKey = `CASE WHEN contains(by_ip.value, ':') THEN ${sourceOf('by_ip.value')} ELSE regexp_replace(by_ip.value, '\\d+$', '0/24') END`
export const groupings: readonly [Grouping, ...Grouping[]] = [
  { name: 'ip', title: 'Address', own: 'ip', key: 'by_ip.value' },
  { name: 'range', title: '/24, /64', own: 'ip', key: rangeKey },
  { name: 'as_org', title: 'Network', own: 'as_org', key: 'by_org.value' },
  { name: 'country', title: 'Country', own: 'country', key: 'by_country.value' }
]
export function offendersOf(name: Grouping['name']): string {
  const { own, key } = groupings.find((grouping) => grouping.name === name)!
  return ask(offenders, own, 'now', { key })
}

export interface Target {
  path: string
  status: number
  requests: number
  answered: number
  addresses: number
}
export const targetsSql = ask(targets, 'path')

/** An address whose logins failed. */
export interface Login {
  ip: string
  as_org: string | null
  failed: number
  first: number
  last: number
  /** When it was let in after the first failure. */
  let_in: number | null
}
export const failedLoginsSql = ask(loginsSql, 'ip')

export const archesOf = (period: 'now' | 'previous') => ask(arches, '', period, { slot: slotSql(period) })

export interface AdminPage {
  path: string
  refused: number
  answered: number
  clients: number
}
export const adminSql = ask(admin, 'path')

/** A parameter whose values are secrets, by the path that most requests sent it to. */
export interface Secret {
  name: string
  path: string | null
  paths: number
  requests: number
  last: number
  listed: number
}
export const secretsSql = ask(secrets)

export const foundSql = detectSql(detections, "selected('', 'now')")

/** An address that attacked. */
export interface Attacker {
  ip: string
  attacks: number
  family: string
}
export const blockedSql = ask(blocked)

const titles = new Map(probeFamilies.map(({ name, title }) => [name, title]))
export const titleOf = (family: string) => titles.get(family) ?? family
