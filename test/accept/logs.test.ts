import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import type { AcceptedHit } from '#lib/schema/hit.ts'
import { needs, shared } from '../needs.ts'
import { acceptText, hitsOf } from './show.ts'

const logs = `${shared}data/logs/`
const truths = `${shared}data/truth/`
const captured = `${shared}samples/captured/`

function read(path: string): Uint8Array {
  const body = readFileSync(path)
  return body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body
}

function count(hits: AcceptedHit[], key: (hit: AcceptedHit) => string | null): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of hits.map(key)) if (name !== null) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

const day = (time: number) => new Date(time).toISOString().slice(0, 10)

/** The truth follows GoAccess, to which a request has a method it knows and HTTP's protocol. */
function isRequest({ method, protocol, flags }: AcceptedHit): boolean {
  const isKnown = method !== null && method !== 'SSTP_DUPLEX_POST' && !flags?.includes('request')
  return isKnown && protocol !== null && protocol.startsWith('HTTP/')
}

needs('shared')('a log counted', () => {
  const names = readdirSync(truths).map((name) => name.replace('.json', ''))

  it.each(names)('%s', (name) => {
    const truth = JSON.parse(readFileSync(`${truths}${name}.json`, 'utf8'))
    const accepted = acceptText(read(`${logs}${name}.log.gz`))
    const hits = hitsOf(accepted)
    expect(accepted.refusals).toEqual([])
    expect(hits).toHaveLength(truth.lines)
    expect(hits.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)).toBe(truth.bytes)
    expect(new Set(hits.map(({ ip }) => ip)).size).toBe(truth.distinct_ips)
    expect(count(hits, ({ status }) => String(status))).toEqual(truth.status)
    expect(count(hits, (hit) => (isRequest(hit) ? hit.method : '(malformed request)'))).toEqual(truth.methods)
    expect(count(hits, (hit) => (isRequest(hit) ? hit.protocol : null))).toEqual(truth.protocols)
    expect(count(hits, ({ time }) => day(time))).toEqual(truth.hits_per_day_utc)
    expect(count(hits, (hit) => day(hit.time + hit.utc_offset! * 60_000))).toEqual(truth.hits_per_day_local)
  })

  it.each(names)('%s alike as lines and as JSON', (name) => {
    const lines = hitsOf(acceptText(read(`${logs}${name}.log.gz`)))
    const records = hitsOf(acceptText(read(`${logs}${name}.ndjson.gz`)))
    // The JSON was made without what a malformed request and an agent without its closing quote still tell.
    const core = (hit: AcceptedHit, line: AcceptedHit) => {
      const always = [hit.time, hit.ip, hit.status, hit.bytes ?? 0]
      const isWhole = isRequest(line) && line.flags === null
      return JSON.stringify(isWhole ? [...always, hit.path, hit.query, hit.referrer, hit.user_agent] : always)
    }
    const differing = lines.flatMap((hit, i) =>
      core(hit, hit) === core(records[i]!, hit) ? [] : [[core(hit, hit), core(records[i]!, hit)]]
    )
    expect(differing.slice(0, 5)).toEqual([])
  })
})

needs('shared')('a captured body', () => {
  const names = ['fluent-bit', 'syslog-ng'].flatMap((folder) =>
    readdirSync(captured + folder).map((name) => `${folder}/${name}`)
  )

  it.each(names.filter((name) => name.endsWith('.body')))('%s is accepted whole', (name) => {
    const { received, refusals } = acceptText(read(captured + name))
    expect(received).toBeGreaterThan(0)
    expect(refusals).toEqual([])
  })
})

needs('shared')('odd requests to nginx', () => {
  it.each(['nginx-weird.ndjson', 'nginx-weird-full.ndjson', 'nginx-weird-combined.log'])('%s', (name) => {
    const accepted = acceptText(read(logs + name))
    expect(accepted.refusals).toEqual([])
    expect(hitsOf(accepted)).toHaveLength(119)
  })

  it('have the same status in each format', () => {
    const [first, ...others] = [
      'nginx-weird.ndjson',
      'nginx-weird-full.ndjson',
      'nginx-weird-combined.log'
    ].map((name) => hitsOf(acceptText(read(logs + name))).map(({ status }) => status))
    for (const other of others) expect(other).toEqual(first)
  })
})
