import { expect, test } from 'vitest'
import { visible } from '#lib/format/visible.ts'

test.each([
  ['/wiki/DuckDB', '/wiki/DuckDB'],
  ['/straße/日本', '/straße/日本'],
  ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
  ['a\u0000b\tc\nd\u001b[31m', 'a␀b␉c␊d␛[31m'],
  ['\u007f\u0085', '␡⟨U+0085⟩'],
  ['gpj.\u202eexe', 'gpj.⟨U+202E⟩exe'],
  ['\u2066a\u2069\u200b\ufeff\u2028', '⟨U+2066⟩a⟨U+2069⟩⟨U+200B⟩⟨U+FEFF⟩⟨U+2028⟩'],
  ['\u{e0001}', '⟨U+E0001⟩']
])('%j is shown as %s', (given, wanted) => expect(visible(given)).toBe(wanted))
