import { expect, test } from 'vitest'
import { wantedAt } from '#lib/find/caret.ts'
import { parse } from '#lib/find/parse.ts'
import { fieldsLike } from '#lib/find/names.ts'
import { sayValue } from '#lib/find/write.ts'

/** The caret is the bar. */
const at = (marked: string) => {
  const caret = marked.indexOf('|')
  const text = marked.replace('|', '')
  const wanted = wantedAt(text, parse(text), caret)
  return (
    wanted && [
      wanted.kind,
      wanted.field,
      text.slice(wanted.from, wanted.to),
      wanted.typed,
      wanted.others.trim()
    ]
  )
}

test.each([
  ['|', ['field', null, '', '', '']],
  ['a |', ['field', null, '', '', 'a']],
  ['a sta|', ['field', null, 'sta', 'sta', 'a']],
  ['-sta|', ['field', null, 'sta', 'sta', '']],
  ['@sta|', ['field', null, 'sta', 'sta', '']],
  ['sta|tus:404', ['field', null, 'status', 'status', '']],
  ['status:|', ['value', 'status', '', '', '']],
  ['a status:404,4| b', ['value', 'status', '4', '4', 'a   b']],
  ['-country:N|', ['value', 'country', 'N', 'N', '']],
  ['os:"Mac| OS"', ['value', 'os', '"Mac OS"', 'Mac OS', '']],
  ['has:ref|', ['field', null, 'ref', 'ref', '']],
  ['status:>4|', null],
  ['path~lo|', null],
  ['path:/a+/|', null],
  ['"GET /|"', null],
  ['find:a|', null]
])('%s wants %j', (marked, wanted) => expect(at(marked)).toEqual(wanted))

test('fields are found by title, column and short name', () => {
  const names = (text: string) => fieldsLike(text).map(({ name }) => name)
  expect(names('ms')[0]).toBe('duration')
  expect(names('stat')[0]).toBe('status')
  expect(names('user ag')).toEqual(['user_agent'])
  expect(names('').length).toBeGreaterThan(40)
})

test.each([
  ['path', '/blog/', '/blog/'],
  ['path', '/a b', '"/a b"'],
  ['host', '/a/', '"/a/"'],
  ['country', null, '-'],
  ['country', '-', '"-"'],
  ['extra.a:b', 'x', 'x'],
  ['extra.odd%20key', 'x', 'x']
] as const)('a value of %s, %j, is typed as %j', (field, value, text) =>
  expect(sayValue(field, value)).toBe(text)
)
