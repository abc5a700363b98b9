import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { acceptText, hitsOf } from './show.ts'

const word = fc.string({ unit: 'binary', maxLength: 20 })
const good = fc
  .record({
    path: word.map((text) => `/${text}`),
    status: fc.integer({ min: 100, max: 599 }),
    user_agent: word,
    bytes: fc.nat()
  })
  .map((fields) => JSON.stringify({ ...fields, date: '2026-01-15T10:11:12Z' }))
const bad = fc.constantFrom(
  '{"path":"/x"',
  '{"path":oops}',
  '{"a":1}',
  'no line',
  '42',
  'null',
  '{"path":"/","service":"../x"}',
  `{"path":"/","x":${'['.repeat(20)}${']'.repeat(20)}}`
)
const lines = fc.array(good, { minLength: 1, maxLength: 8 })
const many = { numRuns: 300 }

const hitsIn = (body: string) => hitsOf(acceptText(body))

function expectConserved(body: string | Uint8Array): void {
  const { received, hits, indices, refusals } = acceptText(body)
  const places = [...[...indices.values()].flat(), ...refusals.map(({ index }) => index)].sort(
    (a, b) => a - b
  )
  expect(places).toEqual([...Array(received).keys()])
  for (const [service, own] of hits) expect(indices.get(service)).toHaveLength(own.length)
}

describe('whatever is sent', () => {
  it('any bytes are counted once and never throw', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), expectConserved), many)
  })

  it('any text of the characters of JSON likewise', () => {
    const unit = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '\\',
      '\n',
      '\r',
      'x',
      'u',
      '0',
      ' ',
      '-',
      'path',
      'message'
    )
    fc.assert(fc.property(fc.string({ unit, maxLength: 80 }), expectConserved), { numRuns: 2000 })
  })

  it('any JSON likewise', () => {
    fc.assert(fc.property(fc.json({ maxDepth: 8 }), expectConserved), many)
  })

  it('a bad record changes no good one', () => {
    fc.assert(
      fc.property(lines, bad, fc.nat(), (records, broken, at) => {
        const place = at % (records.length + 1)
        const mixed = [...records.slice(0, place), broken, ...records.slice(place)]
        expect(hitsIn(`${mixed.join('\n')}\n`)).toEqual(hitsIn(`${records.join('\n')}\n`))
      }),
      many
    )
  })

  it('lines, a list and objects without anything between are the same', () => {
    fc.assert(
      fc.property(lines, (records) => {
        const want = hitsIn(records.join('\n'))
        expect(want).toHaveLength(records.length)
        expect(hitsIn(`[${records.join(',')}]`)).toEqual(want)
        expect(hitsIn(records.join(''))).toEqual(want)
      }),
      many
    )
  })

  it('two halves are the whole, and order is kept', () => {
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        const whole = hitsIn([...a, ...b].join('\n'))
        expect(whole).toEqual([...hitsIn(a.join('\n')), ...hitsIn(b.join('\n'))])
      }),
      many
    )
  })

  it('a large body is the same as its lines, across the seams of its stretches', () => {
    const record = (i: number) => JSON.stringify({ path: `/${i}`, status: 200, ua: 'é'.repeat(i % 300) })
    const bodyOf = (count: number) => Array.from({ length: count }, (_, i) => record(i)).join('\n')
    const hits = hitsIn(bodyOf(12_000))
    expect(hits.map(({ path }) => path)).toEqual(Array.from({ length: 12_000 }, (_, i) => `/${i}`))
  })
})
