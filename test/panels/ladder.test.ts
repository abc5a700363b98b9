import { expect, test } from 'vitest'
import { Ladder, mostLines, scaleOf, type Key, type Stretch } from '../../src/lib/panels/explore/ladder.ts'
import { scrollScale } from '../../src/lib/panels/explore/scroll-scale.ts'
import { randomOf } from '../device/site.ts'

const isWithin = ({ times, seqs }: Stretch, { time, seq }: Key) =>
  time >= times.from && time < times.to && (!seqs || (seq >= seqs.from && seq < seqs.to))

/** A ladder over lines that are in memory. */
function count(lines: readonly Key[], stretch: Stretch, isFirst = false): Ladder {
  const own = lines.filter((line) => isWithin(stretch, line))
  const numbers = own.map(({ seq }) => seq)
  const bounds = () => ({
    from: numbers.reduce((a, b) => Math.min(a, b)),
    to: numbers.reduce((a, b) => Math.max(a, b)) + 1
  })
  const known = scaleOf(stretch, isFirst) ? stretch : { ...stretch, seqs: bounds() }
  const scale = scaleOf(known, isFirst)!
  const counts = new Map<number, number>()
  for (const line of own) {
    const rung = Math.floor(((scale.by === 'time' ? line.time : line.seq) - scale.from) / scale.width)
    counts.set(rung, (counts.get(rung) ?? 0) + 1)
  }
  return new Ladder(known, scale, counts)
}

const byKey = (a: Key, b: Key) => a.time - b.time || a.seq - b.seq

function read(lines: readonly Key[], ladder: Ladder, from: number, to: number): Key[] {
  let cut = ladder.cut(from, to)
  for (; cut.heavy.length; cut = ladder.cut(from, to))
    for (const { ladder: above, rung, stretch } of cut.heavy) above.refine(rung, count(lines, stretch))
  return cut.pieces.flatMap(({ stretch, offset, lines: most }) => {
    const own = lines.filter((line) => isWithin(stretch, line)).sort(byKey)
    expect(own.length - most).toBeLessThanOrEqual(2 * mostLines)
    return own.slice(offset, offset + most)
  })
}

function positionOf(lines: readonly Key[], ladder: Ladder, key: Key): number {
  let place = ladder.find(key)
  for (; 'rung' in place; place = ladder.find(key))
    place.ladder.refine(place.rung, count(lines, place.stretch))
  const { stretch, before } = place
  return before + lines.filter((line) => isWithin(stretch, line) && byKey(line, key) < 0).length
}

const hour = 3_600_000
const shapes = {
  even: (below: (n: number) => number) => below(24 * hour),
  'most in one second': (below: (n: number) => number) =>
    below(10) ? 5 * hour + below(1_000) : below(24 * hour),
  'most in one millisecond': (below: (n: number) => number) => (below(10) ? 7 * hour : below(24 * hour)),
  'whole seconds': (below: (n: number) => number) => below(30) * 1_000
}

test.each(Object.entries(shapes))('positions are those of a sorted list, times: %s', (_, timeOf) => {
  const random = randomOf(7)
  const lines = Array.from({ length: 100_000 }, (_, i) => ({
    time: timeOf(random.below),
    seq: i * 3 + random.below(3)
  }))
  const sorted = lines.toSorted(byKey)
  const ladder = count(lines, { times: { from: 0, to: 24 * hour }, seqs: null }, true)
  expect(ladder.lines).toBe(lines.length)
  for (let i = 0; i < 25; i++) {
    const from = i ? random.below(lines.length - 1) : 0
    const to = Math.min(lines.length, from + 1 + random.below(200))
    expect(read(lines, ladder, from, to)).toEqual(sorted.slice(from, to))
    expect(positionOf(lines, ladder, sorted[from]!)).toBe(from)
  }
  expect(positionOf(lines, ladder, { time: -1, seq: 0 })).toBe(0)
  expect(positionOf(lines, ladder, { time: 25 * hour, seq: 0 })).toBe(lines.length)
})

test('an empty selection has no lines', () => {
  const ladder = count([], { times: { from: 0, to: hour }, seqs: null }, true)
  expect(ladder.lines).toBe(0)
  expect(ladder.cut(0, 0).pieces).toEqual([])
})

test.each([100, 26_000, 8_000_000, 260_000_000, 2_600_000_000])(
  'every place of a list of %i pixels can be scrolled to',
  (pixels) => {
    const { height, listOf, barOf } = scrollScale(pixels)
    expect(height).toBeLessThanOrEqual(8_000_000)
    let before = -1
    for (let i = 0; i <= 1_000; i++) {
      const place = (pixels * i) / 1_000
      expect(listOf(barOf(place))).toBeCloseTo(place, 3)
      expect(barOf(place)).toBeGreaterThan(before)
      before = barOf(place)
    }
    expect(barOf(pixels)).toBe(height)
  }
)
