import { describe as group, expect, it } from 'vitest'
import { describe } from '../../../cli/push/report.ts'
import { Tally } from '../../../cli/push/tally.ts'
import type { Walked } from '../../../src/lib/push/walk.ts'

const walked: Walked = {
  bytes: 80,
  end: 'x',
  known: 0,
  isShorter: false,
  isOther: false,
  left: 0,
  damage: null
}

function report(more: Partial<Walked>, accepted: number): string {
  const tally = new Tally()
  tally.add({ accepted, duplicate: 0, rejected: 0 })
  const source = { name: 'a.log', refused: 'a.log.refused', open: () => Promise.resolve('same' as const) }
  return describe({ source, tally, walked: { ...walked, ...more }, refused: null }, false)
}

group('a last line without an end', () => {
  it.each([
    ['beside hits', { left: 5 }, 3, 'a.log: 3 hits\n'],
    ['where nothing else is new', { left: 5, known: 80 }, 0, 'a.log: nothing new\n']
  ])('is told of %s', (_, more, accepted, start) => {
    expect(report(more, accepted)).toBe(`${start}  Its last line has no end yet: push it again in a minute`)
  })

  it('is not told of where there is none', () => {
    expect(report({ known: 80 }, 0)).toBe('a.log: nothing new')
  })
})
