import { describe, expect, it } from 'vitest'
import type { Cell } from '../../src/lib/engine/connection.ts'
import { chartAs, chartFor, isDrawable, marksOf, widthOf } from '../../src/lib/panels/console/charting.ts'
import { columnOf, rawOf, shownOf } from '../../src/lib/panels/console/column.ts'
import { writingAt } from '../../src/lib/panels/console/completion.ts'
import { csvOf, jsonOf } from '../../src/lib/panels/console/files.ts'
import { ordered } from '../../src/lib/panels/console/ordered.ts'
import { summarize } from '../../src/lib/panels/console/summary.ts'
import { titleOf } from '../../src/lib/panels/console/title.ts'

const column = (name: string, type: string) => columnOf({ name, type })
const time = column('hour', 'Timestamp<MICROSECOND>')
const name = column('kind', 'Utf8')
const number = column('n', 'Int64')

describe('the type of a column', () => {
  it.each([
    ['Int32', 'number', 'int'],
    ['Decimal[38e+0]', 'number', 'int'],
    ['Decimal[18e+3]', 'number', 'decimal'],
    ['DOUBLE', 'number', 'double'],
    ['Timestamp<MICROSECOND>', 'time', 'timestamp'],
    ['Date32<DAY>', 'time', 'date'],
    ['Bool', 'boolean', 'bool'],
    ['Utf8', 'text', 'text'],
    ['Interval<MONTH_DAY_NANO>', 'other', 'interval'],
    ['Time64<MICROSECOND>', 'text', 'time'],
    ['INTEGER[]', 'other', 'list'],
    ['Struct<{a:Int32}>', 'other', 'struct']
  ])('%s is %s', (type, kind, word) => {
    expect(column('x', type)).toEqual({ name: 'x', kind, type: word })
  })
})

describe('a cell', () => {
  it('shows a number grouped, and keeps it as it is', () => {
    expect(shownOf(1234567, number)).toBe('1,234,567')
    expect(shownOf(0.1 + 0.2, column('x', 'DOUBLE'))).toBe('0.3')
    expect(rawOf(0.1 + 0.2, column('x', 'DOUBLE'))).toBe('0.30000000000000004')
    expect(rawOf(12345678901234567890n, number)).toBe('12345678901234567890')
  })

  it('shows a large number with its places, and an endless one short', () => {
    const double = column('x', 'DOUBLE')
    expect(shownOf(1234567.89, double)).toBe('1,234,567.89')
    expect(shownOf(-98765.4321, double)).toBe('-98,765.43')
    expect(shownOf(1e308, double)).toBe('1e+308')
    expect(shownOf(Infinity, double)).toBe('Infinity')
  })

  it('shows the beginning of a text that would hold up the page, and keeps all of it', () => {
    const long = 'x'.repeat(30_000_000)
    expect(shownOf(long, name)).toBe(`${'x'.repeat(1_000)}…`)
    expect(rawOf(long, name)).toBe(long)
  })

  it('shows times in UTC, and what hides text as what it is', () => {
    expect(shownOf(Date.UTC(2026, 10, 20, 12), time)).toBe('2026-11-20 12:00:00')
    expect(shownOf(Date.UTC(2026, 10, 20), column('day', 'Date32<DAY>'))).toBe('2026-11-20')
    expect(shownOf('a\u202eb', name)).toBe('a⟨U+202E⟩b')
    expect(shownOf({ a: [1n, null] }, column('x', 'STRUCT(a INTEGER[])'))).toBe('{"a":["1",null]}')
  })
})

describe('a summary', () => {
  it('tells the span of numbers, and how many are missing', () => {
    const { text, bars, nulls } = summarize(number, [1, 2, 2, null, 15])
    expect([text, nulls, bars.length, bars[0], bars[1]]).toEqual(['1 – 15, 1 null', 1, 14, 0.5, 1])
  })

  it('counts different texts, the most frequent first', () => {
    expect(summarize(name, ['a', 'b', 'b', 'b'])).toEqual({
      bars: [1, 1 / 3],
      distinct: 2,
      nulls: 0,
      text: '2 distinct'
    })
  })

  it('survives nothing, one value, and values without an end', () => {
    expect(summarize(number, []).bars).toEqual([])
    expect(summarize(number, [7, 7])).toMatchObject({ bars: [1], text: '7' })
    expect(summarize(column('x', 'DOUBLE'), [Infinity, NaN, 1, 2]).text).toBe('1 – 2')
  })
})

describe('rows ordered by a column', () => {
  const namesBy = (values: Cell[], type: string, isDescending: boolean) =>
    ordered(
      [column('name', 'Utf8'), column('value', type)],
      values.map((value, i) => ['abcd'[i]!, value]),
      { column: 1, isDescending }
    )
      .map(([name]) => name)
      .join('')

  it('have those without a value last', () => {
    const values = [2, null, 10, 9007199254740993n]
    expect(namesBy(values, 'Int64', true)).toBe('dcab')
    expect(namesBy(values, 'Int64', false)).toBe('acdb')
  })

  it('have decimals in the order of what they are worth, however long they are', () => {
    const values = ['10000000000000000.5', '9999999999999999.75', 2.5, '-10000000000000000.5']
    expect(namesBy(values, 'Decimal[38e+2]', false)).toBe('dcba')
    expect(namesBy(values, 'Decimal[38e+2]', true)).toBe('abcd')
  })
})

describe('a file', () => {
  const rows = [
    [Date.UTC(2026, 10, 20), '=1+1', 5],
    [null, 'a "b", c', 12345678901234567890n]
  ]
  it('of CSV runs no formula', () => {
    expect(csvOf([time, name, number], rows)).toBe(
      `hour,kind,n\r\n2026-11-20 00:00:00,'=1+1,5\r\n,"a ""b"", c",12345678901234567890\r\n`
    )
  })
  it('of CSV has every digit of a number, and its sign', () => {
    const numbers = [9007199254740991, -9223372036854775808n, '-12345678901234567.89', -5, 0.1 + 0.2]
    expect(
      csvOf(
        [number],
        numbers.map((n) => [n])
      )
        .split('\r\n')
        .slice(1, -1)
    ).toEqual(['9007199254740991', '-9223372036854775808', '-12345678901234567.89', '-5', '0.3'])
  })

  it('of JSON can be read', () => {
    expect(JSON.parse(jsonOf([time, name, number], rows))).toEqual([
      { hour: '2026-11-20 00:00:00', kind: '=1+1', n: 5 },
      { hour: null, kind: 'a "b", c', n: '12345678901234567890' }
    ])
  })
})

describe('a chart', () => {
  it.each([
    [[time, name, number], { kind: 'time', x: 0, y: 2, color: 1 }],
    [[name, number], { kind: 'bars', x: 0, y: 1, color: -1 }],
    [[name, column('b', 'Utf8'), number], { kind: 'heat', x: 0, y: 1, color: 2 }],
    [[number, number], { kind: 'scatter', x: 0, y: 1, color: -1 }],
    [[name], null]
  ])('fits the columns', (columns, chart) => expect(chartFor(columns)).toEqual(chart))

  it.each([
    [{ kind: 'bars', x: 0, y: 1, color: -1 }, true],
    [{ kind: 'bars', x: 0, y: 2, color: -1 }, false],
    [{ kind: 'bars', x: 1, y: 0, color: -1 }, false],
    [{ kind: 'scatter', x: 1, y: 1, color: 5 }, false],
    [{ kind: 'heat', x: 0, y: 0, color: 1 }, true],
    [{ kind: 'heat', x: 0, y: 0, color: 0 }, false]
  ] as const)('that was chosen for other columns is drawn only if it fits: %j', (chart, isFit) =>
    expect(isDrawable(chart, [name, number])).toBe(isFit)
  )

  it('can be of another kind', () => {
    const columns = [time, name, number]
    expect(chartAs('heat', columns, chartFor(columns)!)).toEqual({ kind: 'heat', x: 0, y: 1, color: 2 })
  })

  it('makes colors beyond six one, and knows how wide a bar is', () => {
    const rows = Array.from({ length: 20 }, (_, i) => [i * 60_000, `kind ${i}`, 20 - i])
    const marks = marksOf({ kind: 'time', x: 0, y: 2, color: 1 }, [time, name, number], rows)
    expect(new Set(marks.map(({ color }) => color)).size).toBe(7)
    expect(widthOf(marks)).toBe(60_000)
  })
})

describe('completion', () => {
  const at = (text: string, isAsked = false) => {
    const place = text.indexOf('|')
    return writingAt(text.replace('|', ''), place, isAsked)
  }
  const labels = (text: string, isAsked = false) => {
    const writing = at(text, isAsked)
    return writing?.at === 'name' ? writing.proposals.map(({ label }) => label) : []
  }

  it('offers relations after FROM and JOIN', () => {
    expect(labels('SELECT 1 FROM |', true)).toEqual(['selected', 'hits', 'visits', 'golkepar_visits', 'flat'])
    expect(labels('SELECT 1 FROM hits JOIN vi|')).toContain('visits')
  })

  it('offers the columns of the relations that are named', () => {
    expect(labels('SELECT pa| FROM visits')).toContain('entry_page')
    expect(labels('SELECT pa| FROM visits')).not.toContain('path')
    expect(labels('SELECT v.| FROM hits h JOIN visits AS v USING (visit)')).toContain('entry_page')
    expect(labels('SELECT h.| FROM hits h JOIN visits AS v USING (visit)')).toContain('path')
  })

  it.each([
    [`SELECT 1 FROM hits WHERE path = '|'`, 'path', 'hits', ''],
    [`SELECT 1 FROM selected WHERE referrer_kind = 's|`, 'referrer_kind', 'selected', 's'],
    [`SELECT 1 FROM visits WHERE entry_page IN ('/a', '/b|')`, 'entry_page', 'visits', '/b'],
    [`SELECT 1 FROM hits h WHERE h.country <> 'N|'`, 'country', 'hits', 'N']
  ])('offers values in %s', (text, column, relation, begin) => {
    expect(at(text)).toMatchObject({ at: 'value', column, relation, begin })
  })

  it.each([`SELECT 1 -- pa|`, `SELECT 'pa|'`, `SELECT |`, `SELECT 1 FROM hits WHERE nothing = 'a|'`])(
    'offers nothing in %s',
    (text) => expect(at(text)).toBe(null)
  )
})

it('the title of a query is its first remark, or how it begins', () => {
  expect(titleOf('-- Slow pages\nSELECT 1')).toBe('Slow pages')
  expect(titleOf('SELECT\n  1')).toBe('SELECT 1')
  expect(titleOf(' ')).toBe('Empty query')
})
