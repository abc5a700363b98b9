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

const anyRule = fc
  .record({
    comparator: fc.constantFrom('above' as const, 'below' as const),
    threshold: fc.integer({ min: 1, max: 6 }),
    window: fc.integer({ min: 1, max: 6 }),
    for: fc.integer({ min: 0, max: 4 }),
    margin: fc.integer({ min: 0, max: 2 }),
    metric: fc.constantFrom('rate' as const, 'count' as const)
  })
  .map(({ margin, ...rest }) => ({
    ...rule(rest.threshold, rest.window, rest),
    recovery: rest.comparator === 'above' ? Math.max(0, rest.threshold - margin) : rest.threshold + margin
  }))
const anyHits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 60 })

/** What a rule says, a second at a time and without any thought of speed. */
function plainly(one: AlertRule, hits: readonly number[]): [number, number | null][] {
  const found: [number, number | null][] = []
  let since: number | null = null
  let isFiring = false
  for (let at = 0; at < hits.length; at++) {
    if (one.comparator === 'below' && at < one.window - 1) continue
    const sum = hits.slice(Math.max(0, at - one.window + 1), at + 1).reduce((a, b) => a + b, 0)
    const value = one.metric === 'rate' ? sum / one.window : sum
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
      const spells = spellsOf(one, countsOf(hits), 0, hits.length - 1)
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
        expect(monitor.add(second, count, 0, 0)).toBe(true)
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
      const whole = spellsOf(one, countsOf(hits), 0, hits.length - 1).filter(({ fired }) => fired !== null)
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
      const whole = spellsOf(one, countsOf(hits), 0, hits.length - 1)
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
  const rules = [rule(2, 3), rule(3, 5, { for: 2, recovery: 1 }), silent]
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
        if (comes > from && comes <= to && count) monitor.add(second, count, 0, 0)
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
        for (const [second, count] of hits.entries()) if (count) monitor.add(second, count, 0, 0)
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
