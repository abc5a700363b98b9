import { expect, test } from 'vitest'
import { outcomeOf, outlineOf, silencedBy } from '../../src/lib/alert/back-test.ts'
import { spellsOf } from '../../src/lib/alert/monitor.ts'
import { traffic } from '../../src/lib/alert/presets.ts'
import { watch } from '../../src/lib/alert/spell.ts'
import { courseOf } from '../../src/lib/alert/window.ts'

const columns = (hits: readonly number[]) => {
  const second = [...hits.keys()].filter((at) => hits[at]! > 0)
  return { second, hits: second.map((at) => hits[at]!), base: second.map(() => 0), key: second.map(() => 0) }
}

test('durations add up to the whole, and what is too short is counted apart', () => {
  const rule = { ...traffic('high', 'High', 5, 1), for: 1 }
  const spells = spellsOf(rule, columns([5, 0, 5, 5, 5, 0, 5, 5]), 0, 7)
  expect(spells.map(({ since, fired, until }) => [since, fired, until])).toEqual([
    [0, null, 1],
    [2, 3, 5],
    [6, 7, null]
  ])
  expect(outcomeOf(spells, 7)).toEqual({ fired: 2, short: 1, seconds: 3, longest: 2 })
})

test('an outline has the extremes of each stretch', () => {
  const rule = traffic('high', 'High', 5, 1)
  const course = courseOf(rule, columns([1, 9, 0, 0, 0, 0, 2, 2]), 0, 7)
  const { low, high } = outlineOf(course, 0, 7, 4)
  expect([...low]).toEqual([1, 0, 0, 2])
  expect([...high]).toEqual([9, 0, 0, 2])
})

test('another threshold needs no other course', () => {
  const hits = Array.from({ length: 10_000 }, (_, at) => (at * 7919) % 13)
  const rule = traffic('high', 'High', 9, 60)
  const course = courseOf(rule, columns(hits), 0, hits.length - 1)
  const [few, many] = [6.5, 5.9].map((threshold) =>
    watch({ ...rule, threshold }, course, hits.length - 1).spells.filter(({ fired }) => fired !== null)
  )
  expect(few!.length).toBeLessThan(many!.length)
})

test('a mute and quiet times silence what they hold whole, each kind apart', () => {
  const rule = { ...traffic('high', 'High', 5, 1), quiet: [{ days: [0, 1, 2, 3, 4, 5, 6], from: 2, to: 3 }] }
  const hits = [...Array<number>(300)].map((_, at) => ([70, 130, 200].includes(at) ? 5 : 0))
  const spells = spellsOf(rule, columns(hits), 0, 299)
  const utc = (instant: number) => instant
  const silenced = (mutes: object) => silencedBy({ muted: null, quiet: [], ...mutes }, spells, 299, utc)
  expect(silenced({})).toBe(0)
  expect(silenced({ quiet: rule.quiet })).toBe(1)
  expect(silenced({ muted: { from: 60, until: 190 } })).toBe(2)
})

test('an outline of silence grows between the seconds of its course', () => {
  const silence = { ...traffic('silent', 'Silent', 3, 10), metric: 'silence' as const }
  const course = courseOf(silence, { second: [-1, 4], hits: [0, 1], base: [0, 0], key: [0, 0] }, 0, 7)
  const { low, high } = outlineOf(course, 0, 7, 4)
  expect([...low]).toEqual([1, 3, 0, 2])
  expect([...high]).toEqual([2, 4, 1, 3])
})
