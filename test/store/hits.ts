import { columns, type AcceptedHit, type Enrichment } from '#lib/schema/hit.ts'
import type { Batch } from '../../workers/store/log.ts'
import { toLogRows } from '../../workers/store/log-row.ts'
import { noon } from './memory.ts'

const blank = Object.fromEntries(
  columns.filter((column) => column.from === 'accept').map((column) => [column.name, null])
) as unknown as AcceptedHit

/** A hit with odd values in every type: the store must keep them as they are. */
export function hit(i: number, time: number): AcceptedHit {
  return {
    ...blank,
    kind: 'request',
    time,
    utc_offset: i % 2 ? 210 : -300,
    host: 'example.org',
    method: i % 5 ? 'GET' : 'POST',
    path: `/p/${i % 17}/"; drop table hits; -- <b>ß`,
    query: i % 3 ? null : `q=${i}`,
    status: i % 11 ? 200 : 500,
    bytes: i % 7 ? i * 1_000_003 : null,
    duration: i % 4 ? i / 8 : null,
    ip: `203.0.113.${i % 256}`,
    user_agent: `agent ${i % 5}`,
    shape: 'nginx',
    token: 't0000001'
  }
}

/** Hits as one forwarder sends them, without a key. */
export const batch = (hits: AcceptedHit[], more: Partial<Batch> = {}): Batch => ({
  key: null,
  received: noon,
  token: 't0000001',
  rows: hits.length ? toLogRows(hits) : [],
  refusals: [],
  ...more
})

/** A stand-in for enrichment that is a plain function of the hit. */
export function enrichment(hit: Pick<AcceptedHit, 'time' | 'user_agent' | 'ip'>): Enrichment {
  return {
    referrer_domain: null,
    referrer_kind: 'direct',
    browser: hit.user_agent,
    browser_version: null,
    os: null,
    os_version: null,
    device: null,
    bot_name: null,
    bot_purpose: null,
    bot_proof: null,
    is_bot: hit.ip === '203.0.113.7',
    is_asset: false,
    country: 'DE',
    region: null,
    city: null,
    asn: 4_200_000_000,
    as_org: null,
    visitor: 0xffff_ffff_ffff_ff00n + BigInt(hit.time % 251)
  }
}

export const enrich = async () => enrichment
