import { describe, expect, it } from 'vitest'
import { accept } from '#lib/accept/accept.ts'
import type { Limits } from '#lib/accept/limits.ts'
import { context, good } from './show.ts'

const limits: Limits = { records: 500_000, values: 4_000_000, names: 50_000, services: 10_000 }
const size = 20 << 20
const patience = 60_000

function count(body: string) {
  const { received, hits } = accept(new TextEncoder().encode(body), context, limits)
  return { received, hits: [...hits.values()].reduce((sum, { length }) => sum + length, 0) }
}

/** A line that fills a body, and whether it is a hit. */
const lines: [string, string, boolean][] = [
  ['values that are none', '{"path":"/good","status":200,"host":"example.org","date":tru}', false],
  ['empty numbers', '{"path":"/","status":200,"rt":,"date":"2026-01-15T10:11:12Z"}', true],
  ['NUL', `{"status":200,"path":"/${'\\u0000'.repeat(50)}"}`, true],
  ['halves of pairs', `{"status":200,"path":"/${'\\ud83d'.repeat(50)}"}`, true],
  ['strings that are not closed', `{"path":"${'\\"'.repeat(1_000)}`, false],
  ['long strings that are not closed', `{"path":"${'\\"'.repeat(30_000)}`, false],
  ['escapes of bytes', `{"status":200,"path":"/${'\\x41a'.repeat(100)}"}`, true]
]

describe('a body of 20 MiB', { timeout: patience }, () => {
  it.each(lines)('of %s is read, and its good line is kept', (_, line, isHit) => {
    const times = Math.floor((size - good.length) / (line.length + 1))
    const body = `${line}\n`.repeat(times) + good
    expect(body.length).toBeGreaterThan(size - 1_000 - line.length)
    expect(count(body)).toEqual({ received: times + 1, hits: isHit ? times + 1 : 1 })
  })

  it('of texts of NUL in a list is refused for its records', () => {
    expect(() => count(`["\\u0000"${',"\\u0000"'.repeat(2_200_000)}]`)).toThrow('500000 records')
  })
})

/** Objects of so many members, each with a name of its own, and a record. */
function named(names: number, members: number, name: (i: number) => string): string {
  const objects = Array.from({ length: names / members }, (_, i) => {
    const own = Array.from({ length: members }, (_, j) => `"${name(i * members + j)}":1`)
    return `{${own.join(',')}}`
  })
  return `[${good},${objects.join(',')}]`
}

const text = (i: number) => `name ${i}`

describe('a body of more than 50,000 names', { timeout: patience }, () => {
  it.each([
    ['one object has', named(1_000_000, 1_000_000, text)],
    ['one object has as numbers', named(1_500_000, 1_500_000, String)],
    ['many objects have', named(1_000_000, 100, text)],
    ['objects with spaces have', named(60_000, 100, text).replaceAll(':', ' \n:')],
    [
      'objects in texts have',
      JSON.stringify(
        named(60_000, 100, text)
          .slice(1, -1)
          .split(/,(?={)/)
      )
    ]
  ])('that %s is refused with the number', (_, body) => {
    expect(() => count(body)).toThrow('body has more than 50000 names')
  })

  it('is accepted as long as fewer of them differ', () => {
    expect(count(named(49_000, 100, text))).toEqual({ received: 491, hits: 1 })
    expect(count(named(1_000_000, 100, (i) => text(i % 40_000)))).toEqual({ received: 10_001, hits: 1 })
  })
})

describe('a body of more than 4 million values', { timeout: patience }, () => {
  it.each([
    ['in a list', `[1${',1'.repeat(4_000_001)}]`],
    ['in nested lists of lines', `{"path":"/","x":${'['.repeat(3_000)}${']'.repeat(3_000)}}\n`.repeat(1_400)]
  ])('%s is refused with the number', (_, body) => {
    expect(() => count(body)).toThrow('body has more than 4000000 values')
  })
})
