import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Monitor, spellsOf, type Change } from '../../src/lib/alert/monitor.ts'
import { traffic } from '../../src/lib/alert/presets.ts'
import { durationOf, binOf } from '../../src/lib/alert/ranks.ts'
import type { Spell } from '../../src/lib/alert/spell.ts'
import type { PerSecond } from '../../src/lib/alert/per-second.ts'
import { linesOf } from '../../src/lib/alert/wording.ts'
import type { AlertRule } from '../../src/lib/schema/alerts.ts'

const countsOf = (hits: readonly number[]): PerSecond => {
  const second = [...hits.keys()].filter((at) => hits[at]! > 0)
  return { second, hits: second.map((at) => hits[at]!), base: second.map(() => 0), key: second.map(() => 0) }
}

/** What a rule counts of hits; a rule by a field finds one of three values in each second. */
const countsFor = ({ field }: AlertRule, hits: readonly number[]): PerSecond => {
  const counts = countsOf(hits)
  return field === null ? counts : { ...counts, key: Array.from(counts.hits, keyOf) }
}
const keyOf = (hits: number) => hits % 3

const rule = (threshold: number, window: number, other: Partial<AlertRule> = {}): AlertRule => ({
  ...traffic('high', 'High traffic', threshold, window),
  ...other
})

const shortOf = (spells: readonly Spell[]) =>
  spells
    .filter(({ fired }) => fired !== null)
    .map(({ fired, until, value }) => [fired, Math.trunc(value), until])

describe('requests a second over a window', () => {
  test.each([
    [[2, 4, 4, 3, 2, 1], 3, 2, [[1, 3, 4]]],
    [[2, 4, 3, 3, 5, 2, 1, 1], 3, 3, [[2, 3, 6]]],
    [[2, 4, 3, 3, 5, 2, 1, 1], 4, 2, [[4, 4, 5]]],
    // HttpLogMonitor never sees these two be over at the right second, since it skips what is quiet.
    [[10, 10, 10, 0, 0, 0], 3, 3, [[0, 3, 5]]],
    [[10, 0, 0, 0, 0, 1, 1], 3, 3, [[0, 3, 3]]]
  ])('of %j reach %d over %d s: %j', (hits, threshold, window, expected) => {
    expect(shortOf(spellsOf(rule(threshold, window), countsOf(hits), 0, hits.length - 1))).toEqual(expected)
  })

  test('are worded as those of HttpLogMonitor', () => {
    const [spell] = spellsOf(rule(3, 2), countsOf([2, 4, 4, 3, 2, 1]), 0, 5)
    const epoch = Date.UTC(2019, 1, 7, 16, 1) / 1_000
    const shifted = { ...spell!, fired: epoch + spell!.fired!, until: epoch + spell!.until! }
    expect(linesOf(rule(3, 2), shifted, (instant) => instant + 7_200_000)).toEqual({
      fires: 'High traffic generated an alert - hits = 3, triggered at 2019-02-07T18:01:01',
      recovers: 'High traffic alert recovered at 2019-02-07T18:01:04'
    })
  })
})

describe('a rule', () => {
  const hits = [0, 5, 5, 0, 5, 5, 5, 5, 2, 2, 0, 0]

  test('fires only after its condition held for long enough', () => {
    const spells = spellsOf(rule(5, 1, { for: 2 }), countsOf(hits), 0, 11)
    expect(spells.map(({ since, fired, until }) => [since, fired, until])).toEqual([
      [1, null, 3],
      [4, 6, 8]
    ])
  })

  test('goes on until its recovery is passed', () => {
    expect(shortOf(spellsOf(rule(5, 1, { for: 2, recovery: 2 }), countsOf(hits), 0, 11))).toEqual([
      [6, 5, 10]
    ])
  })

  test('of too little waits for a whole window, and sees silence', () => {
    const silent = rule(1, 4, { metric: 'count', comparator: 'below' })
    expect(shortOf(spellsOf(silent, countsOf([0, 0, 0, 1]), 0, 12))).toEqual([[7, 0, null]])
  })

  test('of a share has no value where there is nothing to be a share of', () => {
    const share = rule(50, 2, { metric: 'share' })
    const counts = { second: [0, 1, 5], hits: [1, 0, 0], base: [1, 1, 1], key: [0, 0, 0] }
    expect(shortOf(spellsOf(share, counts, 0, 6))).toEqual([[0, 100, 2]])
  })

  test('of response times takes their quantile', () => {
    const slow = rule(100, 10, { metric: 'latency', quantile: 0.5 })
    const bins = [10, 20, 800, 900, 950].map(binOf)
    const counts = { second: [0, 1, 2, 3, 4], hits: [1, 1, 1, 1, 1], base: [0, 0, 0, 0, 0], key: bins }
    const [spell] = spellsOf(slow, counts, 0, 30)
    expect([spell!.fired, spell!.until]).toEqual([4, 14])
    expect(spell!.value / durationOf(binOf(800))).toBe(1)
  })

  test('of different values counts each once, for as long as it stands in the window', () => {
    const many = rule(2, 3, { metric: 'distinct', field: 'ip' })
    const counts = { second: [0, 1, 2, 4], hits: [1, 3, 1, 1], base: [0, 0, 0, 0], key: [7, 7, 8, 8] }
    expect(shortOf(spellsOf(many, counts, 0, 9))).toEqual([[2, 2, 4]])
  })
})

describe('silence', () => {
  const silent = rule(3, 10, { metric: 'silence' })

  test.each([
    [[1, 0, 0, 0, 0, 1, 0], [[3, 3, 5]]],
    [[0, 0, 0, 0, 1, 0, 0], [[2, 3, 4]]],
    [[1, 0, 0, 1, 0, 0, 1], []],
    [[1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [[3, 3, null]]]
  ])('of %j reaches 3 s: %j', (hits, expected) => {
    const counts = countsOf(hits)
    const known = { second: [-1, ...Array.from(counts.second)], hits: [0, ...Array.from(counts.hits)] }
    const columns = { ...known, base: known.second.map(() => 0), key: known.second.map(() => 0) }
    expect(shortOf(spellsOf(silent, columns, 0, hits.length - 1))).toEqual(expected)
  })

  test('of one forwarder among others fires, and ends when it sends again or is forgotten', () => {
    const one = rule(3, 6, { metric: 'silence', field: 'token' })
    const counts = { second: [0, 0, 2, 4, 6, 7, 8, 10, 12], key: [1, 2, 2, 2, 2, 1, 2, 2, 2] }
    const hits = counts.second.map(() => 1)
    const spells = spellsOf(one, { ...counts, hits, base: counts.second.map(() => 0) }, 0, 14)
    expect(spells.map(({ fired, until, value, peak }) => [fired, until, value, peak])).toEqual([
      [3, 6, 3, 5],
      [10, 13, 3, 5]
    ])
  })

  test('has its longest time as its peak, and waits for its hold', () => {
    const spells = spellsOf({ ...silent, for: 2 }, { second: [0], hits: [1], base: [0], key: [0] }, 0, 9)
    expect(spells).toEqual([{ since: 3, fired: 5, until: null, value: 5, peak: 9 }])
  })

  test('is watched by a monitor whose rows are gone, and known before any hit', () => {
    const monitor = new Monitor(rule(20, 60, { metric: 'silence' }), 100, 5)
    expect(monitor.reach(110)).toEqual([])
    expect(monitor.changesAfter(110)).toBe(119)
    monitor.add(112, 1, 0, 0)
    for (let to = 111; to < 132; to++) expect(monitor.reach(to)).toEqual([])
    const kept = JSON.parse(JSON.stringify(monitor.keep())) as ReturnType<Monitor['keep']>
    expect(kept.rows).toEqual([[112, 1, 0, 0]])
    expect(Monitor.resume(monitor.rule, kept, 131, 5).reach(132)).toMatchObject([
      { is: 'fired', spell: { fired: 132 } }
    ])
  })
})

test('the busiest value is the one with most requests in the window', () => {
  const flood = rule(5, 3, { metric: 'most', field: 'as_org' })
  const counts = { second: [0, 0, 1, 2, 3, 4], hits: [4, 4, 1, 3, 2, 1], base: [0, 0, 0, 0, 0, 0] }
  expect(shortOf(spellsOf(flood, { ...counts, key: [7, 8, 7, 8, 8, 9] }, 0, 9))).toEqual([[1, 5, 5]])
})

const anyRule = fc
  .record({
    comparator: fc.constantFrom('above' as const, 'below' as const),
    threshold: fc.integer({ min: 1, max: 6 }),
    window: fc.integer({ min: 1, max: 6 }),
    for: fc.integer({ min: 0, max: 4 }),
    margin: fc.integer({ min: 0, max: 2 }),
    asked: fc.constantFrom(
      { metric: 'rate', field: null } as const,
      { metric: 'count', field: null } as const,
      { metric: 'attacks', field: null } as const,
      { metric: 'most', field: 'as_org' } as const,
      { metric: 'silence', field: null } as const,
      { metric: 'silence', field: 'token' } as const
    )
  })
  .map(({ margin, asked, ...rest }) => {
    const comparator = asked.metric === 'silence' ? 'above' : rest.comparator
    const window = asked.metric === 'silence' ? rest.window + rest.threshold : rest.window
    return {
      ...rule(rest.threshold, window, { ...rest, ...asked, comparator, window }),
      recovery: comparator === 'above' ? Math.max(0, rest.threshold - margin) : rest.threshold + margin
    }
  })
/** The same as a device counts it: of silence, from before its first second. */
const knownFor = (one: AlertRule, hits: readonly number[]): PerSecond => {
  const { second, ...counts } = countsFor(one, hits)
  if (one.metric !== 'silence' || one.field !== null) return { second, ...counts }
  const [found, zeros] = [Array.from(second), Array.from(second, () => 0)]
  return {
    second: [-1, ...found],
    hits: [0, ...Array.from(counts.hits)],
    base: [0, ...zeros],
    key: [0, ...zeros]
  }
}
const anyHits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 60 })

/** The value of a metric at a second. */
function plainValue({ metric, field, window }: AlertRule, hits: readonly number[], at: number): number {
  const from = Math.max(0, at - window + 1)
  const within = hits.slice(from, at + 1)
  const sum = within.reduce((a, b) => a + b, 0)
  if (metric === 'silence' && field === null) return at - hits.slice(0, at + 1).findLastIndex(Boolean)
  const byKey = [0, 1, 2].map((key) => within.map((count) => (count && keyOf(count) === key ? count : 0)))
  const last = byKey.map((own) => own.findLastIndex(Boolean)).filter((second) => second >= 0)
  if (metric === 'silence') return last.length ? at - from - Math.min(...last) : NaN
  if (metric === 'most') return Math.max(...byKey.map((own) => own.reduce((a, b) => a + b, 0)))
  return metric === 'rate' ? sum / window : sum
}

/** What a rule says, a second at a time and without any thought of speed. */
function plainly(one: AlertRule, hits: readonly number[]): [number, number | null][] {
  const found: [number, number | null][] = []
  let since: number | null = null
  let isFiring = false
  for (let at = 0; at < hits.length; at++) {
    if (one.comparator === 'below' && at < one.window - 1) continue
    const value = plainValue(one, hits, at)
    const limit = isFiring ? one.recovery! : one.threshold
    if (one.comparator === 'above' ? value >= limit : value < limit) {
      since ??= at
      if (!isFiring && at - since >= one.for) {
        isFiring = true
        found.push([at, null])
      }
    } else {
      if (isFiring) found.at(-1)![1] = at
      since = null
      isFiring = false
    }
  }
  return found
}

test('spells are those of looking at every second', () => {
  fc.assert(
    fc.property(anyRule, anyHits, (one, hits) => {
      const spells = spellsOf(one, knownFor(one, hits), 0, hits.length - 1)
      const fired = spells.filter((spell) => spell.fired !== null)
      expect(fired.map((spell) => [spell.fired, spell.until])).toEqual(plainly(one, hits))
    }),
    { numRuns: 1_000 }
  )
})

const lateness = 10
const anyDelays = fc.array(fc.integer({ min: 0, max: lateness - 1 }), { minLength: 60, maxLength: 60 })
const anyCuts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 10, maxLength: 10 })

/** Hits that each come some seconds late, looked at now and then, `behind` the clock. */
function follow(one: AlertRule, hits: readonly number[], delays: number[], cuts: number[], behind: number) {
  const monitor = new Monitor(one, 0, lateness)
  const end = hits.length - 1
  const waiting = new Map([...hits.entries()].filter(([, count]) => count))
  const changes: Change[] = []
  let look = 0
  for (let now = 0; now <= end + lateness; now++) {
    for (const [second, count] of waiting)
      if (second + delays[second % delays.length]! <= now) {
        expect(monitor.add(second, count, 0, one.field === null ? 0 : keyOf(count))).toBe(true)
        waiting.delete(second)
      }
    if (now < look && now < end + lateness) continue
    look = now + cuts[now % cuts.length]!
    changes.push(...monitor.reach(Math.min(end, now - behind)))
  }
  return { monitor, changes }
}

test('looked at in any cut, behind all delays, a rule changes as it does all at once', () => {
  fc.assert(
    fc.property(anyRule, anyHits, anyDelays, anyCuts, (one, hits, delays, cuts) => {
      const { changes } = follow(one, hits, delays, cuts, lateness)
      const whole = spellsOf(one, knownFor(one, hits), 0, hits.length - 1).filter(
        ({ fired }) => fired !== null
      )
      expect(changes.filter((change) => change.is === 'fired').map(({ spell }) => spell.fired)).toEqual(
        whole.map(({ fired }) => fired)
      )
      expect(changes.filter((change) => change.is === 'recovered').map(({ spell }) => spell.until)).toEqual(
        whole.filter(({ until }) => until !== null).map(({ until }) => until)
      )
    }),
    { numRuns: 500 }
  )
})

test('what comes late changes what was seen, and ends as if it had come in time', () => {
  fc.assert(
    fc.property(anyRule, anyHits, anyDelays, anyCuts, (one, hits, delays, cuts) => {
      const { monitor, changes } = follow(one, hits, delays, cuts, 0)
      const whole = spellsOf(one, knownFor(one, hits), 0, hits.length - 1)
      const recent = monitor.spells.filter(
        ({ until }) => until === null || until > hits.length - 1 - lateness
      )
      expect(recent).toEqual(whole.slice(whole.length - recent.length))
      // Whoever listens ends with what is so.
      const last = changes.at(-1)
      const isFiring = whole.at(-1)?.until === null && whole.at(-1)!.fired !== null
      if (isFiring) expect(changes.some(({ is }) => is === 'fired')).toBe(true)
      else if (last) expect(last.is).toBe('recovered')
    }),
    { numRuns: 500 }
  )
})

describe('a monitor that goes on from what another one kept', () => {
  const lateness = 20
  const silent = rule(1, 6, { metric: 'count', comparator: 'below', for: 2 })
  const rules = [
    rule(2, 3),
    rule(3, 5, { for: 2, recovery: 1 }),
    silent,
    rule(4, 9, { metric: 'silence', for: 1 }),
    rule(4, 9, { metric: 'silence', field: 'token' }),
    rule(4, 6, { metric: 'most', field: 'as_org' })
  ]
  const seconds = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 90 })
  const cuts = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 40 })

  /** The changes of a rule over hits, each up to `late` seconds late, by a monitor that is made anew at each look. */
  const changesOf = (
    of: AlertRule,
    hits: readonly number[],
    steps: readonly number[],
    late: number,
    resumes: boolean
  ) => {
    let monitor = new Monitor(of, 0, lateness)
    const changes: Change[] = []
    const waiting = hits.map((count, second) => ({
      second,
      count,
      comes: second + ((second * 7) % (late + 1))
    }))
    let to = -1
    for (let i = 0; to < hits.length + late; i++) {
      const from = to
      to += steps[i % steps.length]!
      if (resumes && i)
        monitor = Monitor.resume(of, JSON.parse(JSON.stringify(monitor.keep())) as never, from, lateness)
      for (const { second, count, comes } of waiting)
        if (comes > from && comes <= to && count)
          monitor.add(second, count, 0, of.field === null ? 0 : keyOf(count))
      changes.push(...monitor.reach(to))
    }
    return changes
  }

  test.each(rules.map((of) => [JSON.stringify(of.metric), of] as const))(
    'reports the same changes as one that never ended: %s',
    (_, of) => {
      fc.assert(
        fc.property(seconds, cuts, fc.integer({ min: 0, max: 9 }), (hits, steps, late) => {
          expect(changesOf(of, hits, steps, late, true)).toEqual(changesOf(of, hits, steps, late, false))
        })
      )
    }
  )

  test('knows when it changes if nothing more comes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...rules), seconds, (of, hits) => {
        const monitor = new Monitor(of, 0, lateness)
        for (const [second, count] of hits.entries())
          if (count) monitor.add(second, count, 0, of.field === null ? 0 : keyOf(count))
        const to = hits.length
        monitor.reach(to)
        const next = monitor.changesAfter(to)
        let at = to + 1
        while (at <= to + 40 && !monitor.reach(at).length) at++
        expect(next).toBe(at > to + 40 ? null : at)
      })
    )
  })
})
