import { expect, test } from 'vitest'
import { fit } from '../../cli/monitor/fit.ts'
import { colored, draw, plain, type View } from '../../cli/monitor/picture.ts'
import type { Watched } from '../../cli/monitor/session.ts'
import { traffic } from '../../src/lib/alert/presets.ts'
import type { Spell } from '../../src/lib/alert/spell.ts'

const spell = { since: 10, fired: 12, until: null, value: 3, peak: 4.25 }
const rule = (title: string, seen: Spell | null): Pick<Watched, 'rule' | 'spell'> => ({
  rule: traffic('a', title, 3, 10),
  spell: seen
})

const view = (other: Partial<View> = {}): View => ({
  log: '/var/log/nginx/access.log',
  reached: 70,
  isLive: true,
  rates: Array.from({ length: 120 }, (_, at) => at % 20),
  classes: [0, 1, 200, 30, 4, 5],
  sections: [
    { name: '/pages', hits: 1_200 },
    { name: '/日本語のとても長い区分の名前です/これも長い', hits: 3 }
  ],
  users: [{ name: '203.0.113.7 Mozilla/5.0 \u001b[2J (X11; Linux x86_64) Firefox', hits: 12 }],
  watched: [
    rule('Fine', null),
    rule('Busy', spell),
    rule('Soon', { ...spell, fired: null }),
    rule('Over', { ...spell, until: 20 })
  ],
  unwatched: [{ rule: traffic('b', 'Less', 3, 10), why: 'it compares with earlier weeks' }],
  alerts: Array.from({ length: 40 }, (_, at) => `Busy generated an alert - hits = ${at}`),
  requests: 12_345,
  left: ['3 lines wrong'],
  warning: 'Wrong log format for x',
  wall: (instant) => instant,
  ...other
})

/** Columns of a line, with wide characters as two. */
const columnsOf = (line: string) =>
  [...line].reduce((sum, one) => sum + (/[\u3000-\u9fff]/.test(one) ? 2 : 1), 0)

test.each([
  [60, 15],
  [80, 24],
  [200, 60]
])('a screen of %d × %d is filled, and no line is too long', (columns, rows) => {
  for (const one of [
    view(),
    view({ watched: [], alerts: [], rates: [], sections: [], users: [], reached: null })
  ]) {
    const lines = draw(one, columns, rows, plain)
    expect(lines).toHaveLength(rows)
    for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns)
    expect(lines.join('')).not.toMatch(/\p{Cc}/u)
    const painted = draw(one, columns, rows, colored).join('\n')
    // eslint-disable-next-line no-control-regex
    expect(painted.replace(/\u001b\[\d+m/g, '')).toBe(lines.join('\n'))
  }
})

test('a screen tells the state of each rule, those that fire first', () => {
  const lines = draw(view(), 80, 30, plain)
  const first = lines.indexOf(fit('Rules', 80))
  expect(lines.slice(first + 1, first + 6).map((line) => line.trimEnd())).toEqual(
    [
      'Busy                     firing        since 00:00:10, 4.3 req/s, ≥ 3 req/s over',
      'Soon                     pending       since 00:00:10, 4.3 req/s, ≥ 3 req/s over',
      'Over                     recovered     at 00:00:20, ≥ 3 req/s over 10 s',
      'Fine                     OK            ≥ 3 req/s over 10 s',
      'Less                     not evaluated it compares with earlier weeks'
    ].map((line, at) => (at < 2 ? (expect.stringContaining(line.slice(0, 70)) as string) : line))
  )
})

test('a text is cut to columns, not to characters', () => {
  expect(fit('日本語', 4)).toBe('日… ')
  expect(fit('日本', 4)).toBe('日本')
  expect(fit('ab', 4, 'right')).toBe('  ab')
  expect(fit('a\u001b[2Jb', 20).trimEnd()).toBe('a\ufffd[2Jb')
  expect(fit('abc', 0)).toBe('')
})
