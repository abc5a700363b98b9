import { describe, expect, it } from 'vitest'
import { acceptText, good, hitsOf, record } from './show.ts'

const wrapped = `{"records":[${Array(1_200).fill(`{"value":${good}}`).join(',')}]}`

/** Paths of the hits and reasons of the refusals, in the order of the records. */
function fates(body: string | Uint8Array) {
  const accepted = acceptText(body)
  const places = [...accepted.indices.values()].flat().sort((a, b) => a - b)
  const hits = hitsOf(accepted).map((hit, i): [number, string] => [places[i]!, String(hit.path)])
  const refusals = accepted.refusals.map(({ index, reason }): [number, string] => [index, reason])
  const all = [...hits, ...refusals].sort(([a], [b]) => a - b)
  expect(all.map(([place]) => place)).toEqual([...Array(accepted.received).keys()])
  return all.map(([, fate]) => fate).join(' ')
}

const bytes = (...parts: (string | number[])[]) =>
  new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as string))))

const line = '203.0.113.7 - - [15/Jan/2026:10:11:28 +0000] "GET /line HTTP/1.1" 200 1'

const bodies: [string, string | Uint8Array, string][] = [
  ['21 nothing', '', ''],
  ['21 an empty list', '[]', ''],
  ['21 only newlines', '\r\n\n \n', ''],
  ['22 null', 'null', 'not_a_record'],
  ['22 a number', '42', 'not_a_record'],
  ['22 a string', '"str"', 'not_a_record'],
  ['23 one object', good, '/good'],
  [
    '24 a number, null and a string among objects',
    `[${good},17,null,"text",${good}]`,
    '/good not_a_record not_a_record not_a_record /good'
  ],
  ['25 an error inside a list', `[${good},{"path":oops},${good}]`, '/good json /good'],
  ['25 a quote too many', `[${good},{"path":"/x"y},${good}]`, '/good json /good'],
  ['25 an object never closed', `[${good},{"path":"/x",${good}]`, '/good json /good'],
  ['26 a broken line', `${good}\n{"path":"/x"\n${good}\n`, '/good json /good'],
  ['26 a line that opens a list', `${good}\n{"path":[\n${good}\n`, '/good json /good'],
  ['26 two broken lines that would close each other', `{"path":[\n${good}\n],}\n`, 'json /good'],
  [
    '26 a broken line before lines of text',
    `${line}\n{"path":"/\n${line}\n${line}\n`,
    '/line json /line /line'
  ],
  [
    '26 a broken object of several lines before text',
    `{\n  "path": oops,\n  "status": 200\n}\n${line}\n${good}\n`,
    'json /line /good'
  ],
  ['27 a cut last line', `${good}\n{"path":"/x","sta`, '/good truncated_line'],
  ['27 a cut list', `[${good},{"path":"/x","sta`, '/good truncated_line'],
  ['27 a list cut between records', `[${good},\n${good}`, '/good /good truncated_list'],
  ['27 a list cut behind a comma', `[${good},${good},\n`, '/good /good truncated_list'],
  ['27 the second list cut', `[${good}]\n[${good}`, '/good /good truncated_list'],
  ['27 a bracket that opens no list', `[12.5] kernel: up\n${good}`, 'line /good'],
  ['27 a list cut in a broken record', `[${good},{"path":"/x]`, '/good truncated_line'],
  [
    '27 a cut text line',
    '203.0.113.7 - - [15/Jan/2026:10:11:28 +0000] "GET /a HTTP/1.1" 200 1\n203.0.113.7 - - [15/J',
    '/a truncated_line'
  ],
  ['28 BOM, CRLF and blank lines', bytes([0xef, 0xbb, 0xbf], `${good}\r\n\r\n${good}\r\n`), '/good /good'],
  ['28 a list and lines', `[${good},${good}]\n${good}`, '/good /good /good'],
  ['29 objects without anything between', good + good + good, '/good /good /good'],
  ['29 braces inside strings', `${record({ path: '/}{' })}${record({ path: '/"}{' })}`, '/}{ /"}{'],
  ['27 lines that end with a carriage return', `${line}\r${line}\r`, '/line /line'],
  ['27 the same before an end of the file', `${line}\r${line}\n`, '/line /line'],
  ['27 records that end with a carriage return', `${good}\r${good}\r`, '/good /good'],
  ['30 JSON inside log', JSON.stringify([{ log: `${good}\n`, stream: 'stdout' }]), '/good'],
  ['30 an object inside event', `{"event":${good}}`, '/good'],
  ['30 a list of logs', `{"logs":[${good},${good},5]}`, '/good /good not_a_record'],
  ['30 a list in a list', `[[${good}],[${good}]]`, '/good /good'],
  ['30 two wrappings', JSON.stringify({ log: JSON.stringify({ message: good }) }), '/good'],
  [
    '30 three wrappings',
    JSON.stringify({ log: JSON.stringify({ message: JSON.stringify({ event: good }) }) }),
    'too_deep'
  ],
  ['31 a line that is none inside message', '{"message":"no line"}', 'line'],
  [
    '33 escaped backslashes before what looks like these',
    '{"status":200,"path":"/\\\\u0000\\\\ud83d\\ude00"}',
    '/\\u0000\\ud83d\ufffd'
  ],
  [
    '33 half a pair before a pair',
    '{"status":200,"path":"/\\ud83d\\ud83d\\ude00\\ude00"}',
    '/\ufffd😀\ufffd'
  ],
  ['33 NUL and half a pair', '{"status":200,"path":"/\\u0000\\ud800x\\ud83d\\ude00"}', '/␀\ufffdx😀'],
  ['34 escapes of bytes', '{"status":200,"path":"/\\x22\\xD0\\xBF"}', '/"п'],
  ['34 an escaped backslash before x', '{"status":200,"path":"/\\\\x41","ua":"\\x22"}', '/\\x41'],
  ['35 a name twice', '{"status":200,"path":"/a","path":"/b"}', '/b'],
  ['35 a name twice in a list', `[${good},{"status":200,"path":"/a","path":"/b"},${good}]`, '/good /b /good'],
  ['37 a list nested to the bottom', '['.repeat(100_000) + ']'.repeat(100_000), 'too_deep'],
  [
    '37 an object nested to the bottom',
    `${good}\n{"path":"/","x":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`,
    '/good too_deep'
  ],
  ...['[', '[[[', '[]]', '[]\n]', '['.repeat(100_000)].map((body): [string, string, string] => [
    `37 brackets that close nothing: ${body.slice(0, 9)}`,
    body,
    'json'
  ]),
  ...['[]\n[]', '[[]]', '[ ]', '{"records":[]}'].map((body): [string, string, string] => [
    `21 nothing: ${body}`,
    body,
    ''
  ]),
  ['39 an empty number', '{"status":200,"path":"/a","rt":,"x":}', '/a'],
  ['39 an empty number beside colons in a text', '{"status":200,"path":"/:,\\":,:}","rt": }', '/:,":,:}'],
  [
    '54 a line too long',
    `${good}\n${record({ x: 'x'.repeat(70_000) })}\n${good}`,
    '/good line_too_long /good'
  ],
  ['54 records in a line of 70 KB', wrapped, Array(1_200).fill('/good').join(' ')],
  ['54 records in two such lines', `${wrapped}\n${wrapped}\n`, Array(2_400).fill('/good').join(' ')],
  [
    '54 a bad record in a line of 70 KB',
    `{"records":[${Array(1_200).fill(good).join(',')},{"value":42}]}`,
    `${Array(1_200).fill('/good').join(' ')} not_a_record`
  ],
  [
    '54 an object of 70 KB around a list that holds no record',
    `{"x":"${'x'.repeat(70_000)}","y":[]}`,
    'shape'
  ],
  [
    '54 an escape that JSON has not, in a line of 70 KB',
    wrapped.replace('/good', '\\x2fgood'),
    Array(1_200).fill('/good').join(' ')
  ],
  [
    '54 a record that is no JSON, in a line of 70 KB',
    `{"records":[{"value":{"path":oops}},${wrapped.slice('{"records":['.length)}`,
    `json ${Array(1_200).fill('/good').join(' ')}`
  ],
  ['54 a record too long in a list', `[${good},${record({ x: 'x'.repeat(70_000) })}]`, '/good line_too_long'],
  [
    'a service that is no site',
    `[${good},${record({ service: '../x' })},${record({ service: 'a b' })}]`,
    '/good service service'
  ],
  ['the validation upload of Logpush', '{"content":"tests"}', ''],
  ['an object without a request', '{"a":1}', 'shape']
]

describe('a body', () => {
  it.each(bodies)('%s', (_, body, want) => {
    expect(fates(body)).toBe(want)
  })

  it('32 with bytes that are no UTF-8 flags only the record with them', () => {
    const hits = hitsOf(acceptText(bytes(`${good}\n{"status":200,"path":"/`, [0xff, 0xc3], `"}\n${good}\n`)))
    expect(hits.map(({ path, flags }) => [path, flags])).toEqual([
      ['/good', null],
      ['/\ufffd\ufffd', 'no_time,utf8'],
      ['/good', null]
    ])
  })

  it.each([
    ['a list', `[${good},{"status":200,"n":1,"path":"/a","path":"/b"},${good}]`],
    ['lines', `${good}\n{"status":200,"path":"/a","path":"/b"}\n${good}`],
    [
      'lines as short as one name and a longer number',
      `${good}\n{"status":200,"path":"/a","path":"/b","n":1e15}\n${good}`
    ],
    ['nothing between', `${good}{"status":200,"path":"/a","path":"/b"}${good}`],
    [
      'text inside',
      JSON.stringify([{ log: good }, { log: '{"status":200,"path":"/a","path" :"/b"}' }, { log: good }])
    ]
  ])('35 with a name twice flags only the record with it, in %s', (_, body) => {
    const flags = hitsOf(acceptText(body)).map(({ path, flags }) => `${path} ${flags?.split(',').at(-1)}`)
    expect(flags).toEqual(['/good undefined', '/b twin_keys', '/good undefined'])
  })

  it('35 with a quoted name inside a text is not taken for a name twice', () => {
    const tricky = record({
      path: '/"path":"/x"',
      ua: 'a":b',
      ip: '::1',
      q: ' :',
      w: '\\":',
      x: { y: { z: '"y":1' } }
    })
    expect(hitsOf(acceptText(`${tricky}\n${good}`)).map(({ flags }) => flags)).toEqual([null, null])
  })

  it('with services that are no sites is whole where the token names the site', () => {
    const body = `[${good},${record({ service: '../x' })},${record({ service: 'shop' })}]`
    expect(
      [...acceptText(body, { is_single: true }).hits].map(([site, { length }]) => [site, length])
    ).toEqual([[null, 3]])
  })

  it('55 of 50,001 lines is accepted', () => {
    expect(acceptText(`${good}\n`.repeat(50_001)).hits.get(null)).toHaveLength(50_001)
  })

  it('61 of bad lines only is told in full, kept in part', () => {
    const { received, hits, refusals } = acceptText(`no line ${'x'.repeat(5000)}\n`.repeat(100))
    expect([received, hits.size, refusals.length]).toEqual([100, 0, 100])
    expect(refusals.every(({ sample }) => sample.length === 256)).toBe(true)
    expect(refusals.filter(({ raw }) => raw.length === 4096)).toHaveLength(64)
    expect(refusals.filter(({ raw }) => raw === '')).toHaveLength(36)
  })

  it('is quarantined without its secrets', () => {
    const { refusals } = acceptText('{"password":"hunter2","x":"/?token=abc","h":"Bearer abcdefgh"')
    expect(refusals[0]!.raw).toBe('{"password":"REDACTED","x":"/?token=REDACTED","h":"Bearer REDACTED"')
  })

  it('sorts records by service', () => {
    const { hits, indices } = acceptText(
      `[${record({ service: ' Shop ' })},${good},${record({ service: 'shop' })}]`
    )
    expect([...hits].map(([service, own]) => [service, own.length])).toEqual([
      ['shop', 2],
      [null, 1]
    ])
    expect([...indices.values()]).toEqual([[0, 2], [1]])
  })
})

it.each(['[GIN] 2026/11/29 - 10:00:00 | 200 |', '[no "line', '[error] it is late', '[x] {y}'])(
  'a line that begins with a bracket is kept as it was sent: %s',
  (line) => {
    expect(acceptText(`${line}\n${good}\n`).refusals).toMatchObject([{ reason: 'line', raw: line }])
  }
)
