import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columns } from '../../src/lib/schema/hit.ts'
import {
  isValid,
  markOf,
  operators,
  readClause,
  readClauses,
  toggle,
  writeClause,
  writeClauses,
  type Clause,
  type Operator
} from '../../src/lib/filter/filter.ts'

const anyValue = fc.oneof(
  fc.constant(null),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom(',', '\\', '0', '~', '&', '=', '%', '+', ' ', '#', '/', 'é'),
    maxLength: 12
  })
)
const anyClause: fc.Arbitrary<Clause> = fc
  .record(
    {
      field: fc.constantFrom(...columns.map(({ name }) => name)),
      operator: fc.constantFrom(...(Object.keys(operators) as Operator[])),
      values: fc.array(anyValue, { maxLength: 4 }),
      visits: fc.constant(true as const),
      disabled: fc.constant(true as const)
    },
    { requiredKeys: ['field', 'operator', 'values'] }
  )
  .filter(isValid)

const path = (...values: (string | null)[]): Clause => ({ field: 'path', operator: 'is', values })
const notPath = (...values: (string | null)[]): Clause => ({ field: 'path', operator: 'not', values })

describe('clauses in a URL', () => {
  test.each([
    [path('/a', '/b'), 'is,path,/a,/b'],
    [path('/a,b', 'c\\d'), 'is,path,/a\\,b,c\\\\d'],
    [path(''), 'is,path,'],
    [path(null), 'is,path,\\0'],
    [path('\\0'), 'is,path,\\\\0'],
    [{ field: 'country', operator: 'unset', values: [] }, 'unset,country'],
    [{ ...notPath('/x'), disabled: true }, '~not,path,/x'],
    [{ ...path('/x'), visits: true }, '@is,path,/x'],
    [{ ...path('/x'), visits: true, disabled: true }, '~@is,path,/x'],
    [{ field: 'entry_page', operator: 'is', values: ['/x'] }, 'is,entry_page,/x']
  ] satisfies [Clause, string][])('%j is %s', (clause, text) => {
    expect(writeClause(clause)).toBe(text)
    expect(readClause(text)).toEqual(clause)
  })

  test('on a field of visits are about visits anyway', () => {
    expect(readClause('@is,entry_page,/x')).toEqual({ field: 'entry_page', operator: 'is', values: ['/x'] })
  })

  test('come back as they were, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(anyClause, { maxLength: 5 }), (clauses) => {
        expect(readClauses(new URLSearchParams(writeClauses(clauses)))).toEqual(clauses)
        expect(readClauses(new URL(`https://x/?a=1&${writeClauses(clauses)}#b`).searchParams)).toEqual(
          clauses
        )
      }),
      { numRuns: 1_000 }
    )
  })

  test('never throw, whatever is in the URL', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const clause = readClause(text)
        expect(clause === null || isValid(clause)).toBe(true)
      })
    )
  })

  test('stay readable', () => {
    expect(writeClauses([path('/blog/?p=1'), notPath('/a b')])).toBe(
      'f=is,path,/blog/?p%3D1&f=not,path,/a%20b'
    )
  })

  test.each([
    '',
    'is',
    'is,path',
    'has,path,\\0',
    'is,nothing,1',
    'drop,path,1',
    'set,path,1',
    `is,path,${'x'.repeat(513)}`
  ])('says nothing: %j', (text) => expect(readClause(text)).toBeNull())
})

describe('a click', () => {
  const country: Clause = { field: 'country', operator: 'is', values: ['NL'] }

  test.each([
    ['only', [], [path('/a')]],
    ['only', [path('/b', '/c')], [path('/a')]],
    ['only', [path('/a', '/c')], [path('/a')]],
    ['only', [path('/a')], []],
    ['only', [notPath('/a', '/b')], [path('/a'), notPath('/b')]],
    ['also', [path('/b')], [path('/b', '/a')]],
    ['also', [path('/b', '/a')], [path('/b')]],
    ['also', [path('/a')], []],
    ['exclude', [path('/a', '/b')], [path('/b'), notPath('/a')]],
    ['exclude', [notPath('/b')], [notPath('/b', '/a')]],
    ['exclude', [notPath('/a')], []]
  ] satisfies ['only' | 'also' | 'exclude', Clause[], Clause[]][])(
    '%s on /a makes %j %j',
    (click, before, after) => {
      expect(toggle([country, ...before], 'path', '/a', click)).toEqual([country, ...after])
    }
  )

  test('leaves alone disabled clauses, those about visits, and other operators', () => {
    const others: Clause[] = [
      { ...path('/a'), visits: true },
      { ...path('/a'), disabled: true },
      { field: 'path', operator: 'has', values: ['x'] }
    ]
    expect(toggle(others, 'path', '/a', 'only')).toEqual([...others, path('/a')])
  })

  test('of the same kind twice on one value changes nothing but the others it replaced', () => {
    fc.assert(
      fc.property(fc.constantFrom('also' as const, 'exclude' as const), anyValue, (click, value) => {
        expect(toggle(toggle([country], 'path', value, click), 'path', value, click)).toEqual([country])
      })
    )
  })

  test('marks the row', () => {
    expect(markOf([path('/a')], 'path', '/a')).toBe('included')
    expect(markOf([notPath(null)], 'path', null)).toBe('excluded')
    expect(markOf([{ ...path('/a'), disabled: true }], 'path', '/a')).toBeNull()
    expect(markOf([{ ...path('/a'), visits: true }], 'path', '/a')).toBeNull()
  })
})
