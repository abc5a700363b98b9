import { describe, expect, test } from 'vitest'
import { presets } from '../../src/lib/alert/presets.ts'
import { readRulesFile, textOfRules, writeRulesFile } from '../../src/lib/alert/rules-file.ts'

const read = (bytes: Uint8Array | string) =>
  readRulesFile(textOfRules(typeof bytes === 'string' ? Buffer.from(bytes) : bytes))

test.each([
  ['as it is written', writeRulesFile(presets)],
  ['with a byte order mark', `\uFEFF${writeRulesFile(presets)}`],
  ['on one line', JSON.stringify(presets)]
])('a file of rules is read %s', (_, text) => {
  expect(read(text)).toEqual(presets)
})

test.each([
  '[Alerts]\na = 1, 2',
  '# mine\n\n[Stats]\ninterval = 3\n[Alerts]\na = 1, 2',
  '[ Alerts ]\na = 1, 2'
])('%j is a config.cfg', (text) => {
  expect(read(text)).toMatchObject([{ id: 'a', threshold: 1, window: 2 }])
})

describe('a file that holds no rules says what it is', () => {
  test.each([
    ['', 'it is empty'],
    [' \n', 'it is empty'],
    ['[]', 'it holds no rules'],
    ['[Stats]\ninterval = 3', 'it holds no rules'],
    ['{"rules":[]}', 'it is JSON, and no list of rules as Export rules writes it'],
    ['"rules"', 'it is JSON, and no list of rules'],
    ['{"rules":', 'it begins as JSON, and is none: '],
    ['[{"id": "a",', 'it begins as JSON, and is none: '],
    ['[Alerts', 'it begins as JSON, and is none: '],
    ['[1]', 'a rule without a title: it is no rule'],
    ['time,path\n1,/', 'it is neither a JSON list of rules, as Export rules writes it, nor a config.cfg'],
    [Buffer.from(`\uFEFF${writeRulesFile(presets)}`, 'utf16le'), 'it is not text in UTF-8: save it as UTF-8'],
    [Buffer.from(writeRulesFile(presets), 'utf16le'), 'it is not text in UTF-8: save it as UTF-8'],
    [Buffer.from('[Alerts]\ncaf\u00e9 = 1, 2', 'latin1'), 'it is not text in UTF-8: save it as UTF-8']
  ])('%j', (file, message) => {
    expect(() => read(file)).toThrow(message)
  })
})

test('a file that is too large is not read', () => {
  expect(() => read(new Uint8Array(8_000_001))).toThrow(
    'it has 8000001 bytes: a file of rules has at most 8000000'
  )
})
