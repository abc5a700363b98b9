import { expect, test } from 'vitest'
import { differencesOf, editsOf } from '../../src/lib/alert/edits.ts'
import { traffic } from '../../src/lib/alert/presets.ts'

const [busy, slow] = [traffic('busy', 'Busy', 3, 10), traffic('slow', 'Slow', 1, 60)]

test('an edit keeps the rule as it was before', () => {
  const higher = { ...busy, threshold: 5, title: 'Busier' }
  expect(editsOf([busy, slow], [higher, slow], 7)).toEqual([
    { at: 7, id: 'busy', title: 'Busier', before: busy }
  ])
})

test('a rule that is added has no version before, and one that is removed keeps its last', () => {
  expect(editsOf([busy], [slow], 7)).toEqual([
    { at: 7, id: 'busy', title: 'Busy', before: busy },
    { at: 7, id: 'slow', title: 'Slow', before: null }
  ])
})

test('rules in another order, and a switch that is off instead of missing, are no edit', () => {
  expect(editsOf([busy, slow], [slow, { ...busy, away: false }], 7)).toEqual([])
})

test('differences are named, a switch among them', () => {
  expect(differencesOf({ ...busy, isOn: true }, { ...busy, isOn: false })).toEqual(['isOn'])
  expect(differencesOf(busy, { ...busy, away: true, muted: { from: 1, until: 2 } })).toEqual([
    'muted',
    'away'
  ])
})
