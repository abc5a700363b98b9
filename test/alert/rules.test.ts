import { describe, expect, test } from 'vitest'
import { notifiedAt } from '../../src/lib/alert/mute.ts'
import { presets } from '../../src/lib/alert/presets.ts'
import { readAlertRules } from '../../src/lib/schema/alerts.ts'

const [first] = presets

test('the rules that a site begins with are rules', () => {
  expect(readAlertRules(JSON.parse(JSON.stringify(presets)))).toEqual(presets)
})

describe('a rule that is wrong is named', () => {
  test.each([
    [{ threshold: -1 }, 'High traffic: threshold is -1, wanted is a number from 0 to 1,000,000,000,000'],
    [{ threshold: NaN }, 'High traffic: threshold is empty, wanted is a number from 0 to 1,000,000,000,000'],
    [{ recovery: NaN }, 'High traffic: recovery is empty, wanted is a number'],
    [{ threshold: undefined }, 'High traffic: threshold is missing, wanted is a number'],
    [{ quiet: [{ days: [1], from: NaN, to: 60 }] }, 'High traffic: quiet is [{"days":[1],"from":null'],
    [{ window: 0 }, 'High traffic: window is 0, wanted is whole seconds from 1 to 604800'],
    [{ metric: 'noise' }, 'High traffic: metric is "noise", wanted is one of rate,'],
    [{ metric: 'distinct' }, 'High traffic: distinct wants a field'],
    [{ metric: 'latency' }, 'High traffic: latency wants a quantile'],
    [{ recovery: 11 }, 'High traffic: it would recover at 11, where it still fires: wanted is at most 10'],
    [
      { comparator: 'below', recovery: 1 },
      'High traffic: it would recover at 1, where it still fires: wanted is at least 10'
    ],
    [{ quiet: [{ days: [7], from: 0, to: 60 }] }, 'High traffic: quiet is'],
    [{ sound: true }, 'High traffic: there is nothing called sound in a rule'],
    [{ title: '' }, 'a rule without a title: title is ""']
  ])('%j', (change, message) => {
    expect(readAlertRules([{ ...first, ...change }])).toContain(message)
  })

  test('and so are two of one id, and too many', () => {
    expect(readAlertRules([first, first])).toBe('two rules have the id high-traffic')
    expect(readAlertRules(Array.from({ length: 51 }, () => first))).toContain(
      'there are 51 rules, and a site keeps at most 50: delete 1 first'
    )
  })
})

describe('when an alert notifies', () => {
  const monday = Date.UTC(2026, 10, 30) / 1_000
  const spell = (from: number, until: number | null) => ({
    since: from,
    fired: from,
    until,
    value: 1,
    peak: 1
  })
  const quiet = { muted: null, quiet: [{ days: [0], from: 23 * 60, to: 60 }] }
  const wall = (instant: number) => instant

  test('is at once without a mute', () => {
    expect(notifiedAt({ muted: null, quiet: [] }, spell(monday, null), monday + 9, wall)).toBe(monday)
  })

  test('is when a quiet time ends, if the alert still fires', () => {
    expect(notifiedAt(quiet, spell(monday - 600, null), monday + 7_200, wall)).toBe(monday + 3_600)
    expect(notifiedAt(quiet, spell(monday - 600, monday + 3_000), monday + 7_200, wall)).toBe(null)
    expect(notifiedAt(quiet, spell(monday - 600, null), monday + 60, wall)).toBe(null)
  })

  test('goes by the clock of the zone', () => {
    const west = (instant: number) => instant - 2 * 3_600_000
    expect(notifiedAt(quiet, spell(monday + 2 * 3_600, null), monday + 86_400, west)).toBe(monday + 3 * 3_600)
  })

  test('is not as long as it is muted', () => {
    const muted = { muted: { from: monday, until: monday + 600 }, quiet: [] }
    expect(notifiedAt(muted, spell(monday + 10, monday + 500), monday + 900, wall)).toBe(null)
    expect(notifiedAt(muted, spell(monday - 10, monday + 500), monday + 900, wall)).toBe(monday - 10)
  })
})
