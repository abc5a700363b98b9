import { expect, test } from 'vitest'
import { LinePages } from '../../src/lib/panels/explore/line-pages.ts'
import type { Line } from '../../src/lib/panels/explore/log.ts'

const lineAt = (position: number): Line => ({
  seq: position,
  time: position,
  status: 200,
  class: 0,
  is_request: true,
  message: null,
  cells: []
})
const linesOf = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => lineAt(from + i))

test('all that is missing on screen is read at once, then a page near it', () => {
  const pages = new LinePages()
  const seen = { from: 480, to: 620 }
  const run = pages.missing(seen, 10_000)!
  expect(run).toEqual({ from: 400, to: 700 })
  pages.keep(run, linesOf(run.from, run.to))
  expect(pages.at(619)?.seq).toBe(619)
  expect(pages.missing(seen, 10_000)).toBeUndefined()
  expect(pages.missing({ from: 500, to: 660 }, 10_000)).toEqual({ from: 700, to: 800 })
})

test('a page with fewer lines than were counted is not read again', () => {
  const pages = new LinePages()
  pages.keep({ from: 0, to: 200 }, linesOf(0, 120))
  expect(pages.missing({ from: 0, to: 200 }, 200)).toBeUndefined()
  expect(pages.at(150)).toBeNull()
})

test('passing by a million lines keeps the pages that were seen last', () => {
  const pages = new LinePages()
  for (let from = 0; from < 1_000_000; from += 5_000) {
    for (let run; (run = pages.missing({ from, to: from + 40 }, 1_000_000));)
      pages.keep(run, linesOf(run.from, run.to))
  }
  expect(pages.at(995_020)).not.toBeNull()
  expect(pages.at(0)).toBeNull()
})
