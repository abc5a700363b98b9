import { expect, it } from 'vitest'
import { isSiteName, readSiteName, typedSiteName } from '#lib/schema/site-name.ts'

it.each([
  ['example.org'],
  ['_default'],
  ['www2-old.example.org'],
  ['café'],
  ['日誌'],
  ['статистика'],
  ['لوگ'],
  ['नमूना'],
  ['a'.repeat(63)],
  ['日'.repeat(21)]
])('%s is a name as it stands', (name) => {
  expect(isSiteName(name)).toBe(true)
  expect(readSiteName(name)).toBe(name)
})

it.each([
  [' Example.ORG\n', 'example.org'],
  ['CAFÉ', 'café'],
  ['cafe\u0301', 'café'],
  ['СТАТИСТИКА', 'статистика'],
  ['İstanbul', 'i̇stanbul'],
  ['ΣΑΣ', 'σας']
])('%j is kept as %s, and no other spelling is that site', (text, name) => {
  expect(readSiteName(text)).toBe(name)
  expect(isSiteName(text)).toBe(false)
})

it.each([
  [''],
  ['..'],
  ['.git'],
  ['-x'],
  ['a/b'],
  ['a\\b'],
  ['a b'],
  ['a%2fb'],
  ['*'],
  ['a\0'],
  ['a\u0085b'],
  ['a\u200eb'],
  ['a\u202eb'],
  ['a\u2066b'],
  ['a\u200db'],
  ['a\ufeffb'],
  ['a\u3164b'],
  ['a\ufe0f'],
  ['\u0301a'],
  ['a\ud800'],
  ['😀'],
  ['a'.repeat(64)],
  ['日'.repeat(22)]
])('%j is no name', (text) => expect(readSiteName(text)).toBeNull())

it('is spelled in one way, whatever letters it has', () => {
  const wrong: string[] = []
  for (let code = 0; code < 0x20000; code++) {
    const name = readSiteName(`a${String.fromCodePoint(code)}`)
    if (name !== null && readSiteName(name) !== name) wrong.push(name)
  }
  expect(wrong).toEqual([])
})

it('is asked by a form as by the server, except for capitals', () => {
  // Browsers compile the pattern of a field with `v`.
  const field = new RegExp(`^(?:${typedSiteName})$`, 'v')
  for (const text of ['Café', '日誌', 'a-b.c_d', 'नमूना']) expect(field.test(text)).toBe(true)
  for (const text of ['', '..', 'a/b', 'a\u202eb', '😀']) expect(field.test(text)).toBe(false)
})
