import { env } from 'cloudflare:test'
import type { AcceptedHit } from '#lib/schema/hit.ts'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { bufferOf } from '../../workers/access/reach.ts'
import { logged, post, tokenFor } from './reach.ts'

let token: string
let sites = 0

beforeAll(async () => {
  token = await tokenFor('*')
})

const runs = { numRuns: 20 }
const word = fc.string({ unit: 'binary', maxLength: 12 })
const good = fc
  .record({
    path: word.map((text) => `/${text}`),
    status: fc.integer({ min: 100, max: 599 }),
    user_agent: word,
    ip: fc.ipV4(),
    request_id: fc.option(fc.uuid(), { nil: undefined })
  })
  .map((fields) => JSON.stringify({ ...fields, date: '2026-11-20T12:00:00Z' }))
const bad = fc.constantFrom(
  '{"path":"/x"',
  '{"path":oops}',
  '{"a":1}',
  'no line',
  '42',
  'null',
  '{"path":"/","service":"../x"}',
  `{"path":"/","x":${'['.repeat(20)}${']'.repeat(20)}}`,
  '\u0000\u0001',
  '{"path":"/","rt":oops}'
)
const lines = (atLeast = 1) =>
  fc.uniqueArray(good, { minLength: atLeast, maxLength: 14 }).map((all) => all.map((line) => `${line}\n`))

interface Counts {
  status: string
  received: number
  accepted: number
  duplicate: number
  rejected: number
}

/** A site of its own for each run. */
const fresh = () => `run-${++sites}`

async function send(site: string, body: BodyInit, key?: string): Promise<Counts> {
  const headers: Record<string, string> = key === undefined ? {} : { 'Idempotency-Key': key }
  const response = await post(token, body, headers, `?site=${site}`)
  expect(response.status).toBe(200)
  return response.json()
}

const sorted = (hits: Partial<AcceptedHit>[]) => hits.map((hit) => JSON.stringify(hit)).sort()

async function stored(...bodies: string[]): Promise<Partial<AcceptedHit>[]> {
  const site = fresh()
  for (const [i, body] of bodies.entries()) await send(site, body, `k${i}`)
  return logged(site)
}

describe('whatever is sent', () => {
  it('is conserved: what was received was accepted, a duplicate, or rejected and kept', async () => {
    // What looks like a form is refused as a whole.
    const isForm = (bytes: Uint8Array) => /^[\w.%+-]{1,64}=/.test(Buffer.from(bytes).toString('latin1'))
    const body = fc
      .oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.oneof(good, bad), { maxLength: 12 }).map((all) => Buffer.from(all.join('\n'))),
        fc.json({ maxDepth: 6 }).map((text) => Buffer.from(text))
      )
      .filter((bytes) => !isForm(bytes))
    await fc.assert(
      fc.asyncProperty(body, async (bytes) => {
        const site = fresh()
        const { received, accepted, duplicate, rejected } = await send(site, new Uint8Array(bytes))
        expect(accepted + duplicate + rejected).toBe(received)
        expect(await logged(site)).toHaveLength(accepted)
        expect(await bufferOf(env, site).quarantine(1000)).toHaveLength(rejected)
      }),
      { numRuns: 40 }
    )
  })

  it('is isolated: a bad record changes no good one', async () => {
    await fc.assert(
      fc.asyncProperty(lines(), bad, fc.nat(), async (all, broken, at) => {
        const mixed = all.toSpliced(at % (all.length + 1), 0, `${broken}\n`)
        expect(await stored(mixed.join(''))).toEqual(await stored(all.join('')))
      }),
      runs
    )
  })

  it('is stored once, however often it comes', async () => {
    await fc.assert(
      fc.asyncProperty(lines(10), fc.integer({ min: 1, max: 3 }), async (all, times) => {
        const site = fresh()
        const first = await send(site, all.join(''))
        const counts = { accepted: 0, duplicate: first.received, rejected: 0 }
        const again = { ...first, status: 'duplicate', ...counts, sites: [{ site, ...counts }] }
        for (let i = 0; i < times; i++) expect(await send(site, all.join(''))).toEqual(again)
        expect(await logged(site)).toHaveLength(all.length)
      }),
      runs
    )
  })

  it('is the same set in whatever order', async () => {
    const shuffled = lines().chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))
    )
    await fc.assert(
      fc.asyncProperty(shuffled, async ([all, mixed]) => {
        expect(sorted(await stored(mixed.join('')))).toEqual(sorted(await stored(all.join(''))))
      }),
      runs
    )
  })

  it('is the same in one batch or in two', async () => {
    await fc.assert(
      fc.asyncProperty(lines(2), fc.nat(), async (all, at) => {
        const middle = 1 + (at % (all.length - 1))
        const [a, b] = [all.slice(0, middle).join(''), all.slice(middle).join('')]
        expect(await stored(a, b)).toEqual(await stored(a + b))
      }),
      runs
    )
  })
})
