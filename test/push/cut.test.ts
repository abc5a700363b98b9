import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  endOfBatch,
  headerAfter,
  headOf,
  isArray,
  mostBytes,
  noHeader,
  type Rest
} from '../../src/lib/push/cut.ts'

const bytes = (text: string) => Buffer.from(text)

/** All batches of a text that is here whole. */
function cutAll(text: Uint8Array): Uint8Array[] {
  const batches: Uint8Array[] = []
  for (let at = 0; at < text.length;) {
    const size = endOfBatch(text.subarray(at), 'end', text[0] === 0x7b)
    batches.push(text.subarray(at, at + size))
    at += size
  }
  return batches
}

const line = `a line of a log, as long as the others are ${'x'.repeat(500)}\n`
const long = bytes(line.repeat(Math.ceil((2.5 * mostBytes) / line.length)))

describe('a batch', () => {
  it('ends with a line, and holds at most 4 MiB', () => {
    const batches = cutAll(long)
    expect(batches).toHaveLength(3)
    for (const batch of batches) {
      expect(batch.length).toBeLessThanOrEqual(mostBytes)
      expect(batch.length % line.length).toBe(0)
    }
    expect(Buffer.concat(batches).equals(long)).toBe(true)
  })

  it('has at most 200,000 lines', () => {
    const [first] = cutAll(bytes('x\n'.repeat(300_000)))
    expect(first).toHaveLength(400_000)
  })

  it('waits for more bytes while more come', () => {
    expect(endOfBatch(bytes(line), 'more')).toBe(0)
    expect(endOfBatch(long.subarray(0, mostBytes + 1), 'more')).toBe(cutAll(long)[0]!.length)
  })

  it('leaves a line that has no end yet to the next, unless there is none', () => {
    const text = bytes('one\ntwo')
    expect(endOfBatch(text, 'pause')).toBe(4)
    expect(endOfBatch(text, 'end')).toBe(7)
    expect(endOfBatch(bytes('two'), 'pause')).toBe(0)
  })

  it('of JSON ends between objects, also where these have lines inside', () => {
    const object = `${JSON.stringify({ path: '/', inner: { a: '{' }, note: 'x'.repeat(2_000) }, null, 1)}\n`
    const batches = cutAll(bytes(object.repeat(Math.ceil((1.5 * mostBytes) / object.length))))
    expect(batches).toHaveLength(2)
    for (const batch of batches) expect(batch.length % object.length).toBe(0)
  })

  it('cuts a line that is longer than a batch', () => {
    const batches = cutAll(bytes('x'.repeat(mostBytes + 10)))
    expect(batches.map(({ length }) => length)).toEqual([mostBytes, 10])
  })

  it('is a prefix of what is there, whatever that is', () => {
    const rests: Rest[] = ['more', 'pause', 'end']
    const text = fc.string({ unit: fc.constantFrom('{', '}', '\n', '\r', '#', 'a', ' ') })
    fc.assert(
      fc.property(text, fc.constantFrom(...rests), (text, rest) => {
        const size = endOfBatch(bytes(text), rest)
        expect(size).toBeLessThanOrEqual(text.length)
        if (rest === 'end') expect(size).toBe(text.length)
        else if (size > 0) expect(text[size - 1]).toBe('\n')
      })
    )
  })
})

describe('an array of JSON', () => {
  it.each(['[{"a":1}]', ' \n[ {"a":1}', '\uFEFF[[1]]', '[]'])('is %j', (text) => {
    expect(isArray(bytes(text))).toBe(true)
  })

  it.each(['[24/Apr/2026:10:11:12 +0000] GET', '[GIN] 2026', '[2001:db8::9]:51000 GET', '{"a":[1]}', ''])(
    'is not %j',
    (text) => {
      expect(isArray(bytes(text))).toBe(false)
    }
  )
})

describe('the header of a W3C log', () => {
  const fields = '#Fields: date time c-ip'

  it('is its last fields and date, wherever they stand', () => {
    const above = headerAfter(
      noHeader,
      bytes(`#Software: IIS\r\n#Date: 2026-01-01\r\n${fields}\r\n1 2 3\r\n`)
    )
    expect(above).toEqual({ fields: `${fields}\n`, date: '#Date: 2026-01-01\n' })
    expect(headerAfter(above, bytes('GET /#Fields: x\n'))).toBe(above)
    expect(headerAfter(above, bytes('1 2 3\n#Fields: time\n')).fields).toBe('#Fields: time\n')
  })

  it('is not enough to tell two logs apart: their head has a line more', () => {
    const head = headOf(bytes(`#Version: 1.0\n${fields}\n1 2 3\n4 5 6\n`), 'more')
    expect(String(head)).toBe(`#Version: 1.0\n${fields}\n1 2 3\n`)
    expect(headOf(bytes(`#Version: 1.0\n${fields}\n1 2`), 'pause')).toBeNull()
    expect(String(headOf(bytes('1 2'), 'end'))).toBe('1 2')
  })
})
