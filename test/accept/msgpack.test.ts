import { gunzipSync, gzipSync } from 'node:zlib'
import { accept } from '#lib/accept/accept.ts'
import { unlimited } from '#lib/accept/limits.ts'
import { isMsgpack, readMsgpack, type Inflate } from '#lib/accept/msgpack.ts'
import { describe, expect, it } from 'vitest'
import { eventTime, join, pack } from './packed.ts'
import { acceptText, context, hitsOf, show } from './show.ts'

const seconds = 1_768_471_872
const time = '2026-01-15T10:11:12.000Z'
const good = { path: '/good', status: 200 }
const event = pack([[eventTime(seconds), {}], good])
const mark = (time: number) => pack([[eventTime(time), {}], { resource: {}, scope: {} }])
/** Bytes as a value: MessagePack's `bin`, or its text. */
const bin = (bytes: Uint8Array, head = 0xc6) =>
  join(Uint8Array.of(head, ...new Uint8Array(new Uint32Array([bytes.length]).buffer).reverse()), bytes)
const shown = (...values: Uint8Array[]) => hitsOf(acceptText(join(...values))).map(show)
const one = (value: Uint8Array | object) => shown(pack([eventTime(seconds), value]))[0]

describe('a stream', () => {
  it.each([
    ['events of Fluent Bit', event],
    ['its older events', pack([eventTime(seconds), good])],
    ['times in seconds', pack([seconds, good])],
    ['records with a time', pack({ ...good, date: seconds })],
    ['lists of records', pack([{ ...good, date: seconds }])],
    ["Fluentd's forward", pack(['nginx', [[eventTime(seconds), good]]])],
    ["Fluentd's forward with an option", pack(['nginx', [[eventTime(seconds), good]], { size: 1 }])],
    ["Fluentd's packed forward", pack(['nginx', bin(pack([eventTime(seconds), good]))])],
    ['packed events of Fluent Bit', pack(['nginx', bin(event), { size: 1, chunk: 'a', compressed: 'text' }])],
    ['packed events as a text', pack(['nginx', bin(event, 0xdb), { size: 1 }])],
    ['groups of events', join(mark(0xffff_ffff), event, mark(0xffff_fffe))],
    ["Fluentd's message", pack(['nginx', eventTime(seconds), good, {}])],
    ["MessagePack's own time of 4 bytes", pack([Uint8Array.of(0xd6, 0xff, 0x69, 0x68, 0xbd, 0x40), good])],
    [
      "MessagePack's own time of 12 bytes",
      pack([Uint8Array.of(0xc7, 12, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x69, 0x68, 0xbd, 0x40), good])
    ]
  ])('may hold %s', (_, body) => {
    expect(shown(body, body)).toMatchObject(Array(2).fill({ path: '/good', status: 200, time }))
  })

  it('keeps the time of a record that has one', () => {
    expect(one({ ...good, date: '2026-01-14T00:00:00Z' })).toMatchObject({ time: '2026-01-14T00:00:00.000Z' })
  })

  it('keeps the fraction of a time', () => {
    expect(shown(pack([[eventTime(seconds, 123_456_789), {}], good]))).toMatchObject([
      { time: '2026-01-15T10:11:12.123Z' }
    ])
    const own = Uint8Array.of(0xd7, 0xff, 0x1d, 0x6f, 0x34, 0x54, 0x69, 0x68, 0xbd, 0x40)
    expect(shown(pack([own, good]))).toMatchObject([{ time: '2026-01-15T10:11:12.123Z' }])
  })

  it('may hold lines', () => {
    const log = '192.0.2.1 - - [20/Nov/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 1'
    expect(one({ log })).toMatchObject({ path: '/a', shape: 'common' })
  })

  it.each([
    ['ends early', event.subarray(0, -3)],
    ['breaks the rules', Uint8Array.of(0xc1)],
    ['announces more than there is', Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff)],
    ['announces a longer text', Uint8Array.of(0x81, 0xdb, 0xff, 0xff, 0xff, 0xff)]
  ])('keeps what stands before a value that %s', (_, broken) => {
    const accepted = acceptText(join(event, event, broken))
    expect(hitsOf(accepted).map(({ path }) => path)).toEqual(['/good', '/good'])
    expect(accepted.refusals).toMatchObject([{ index: 2, reason: 'msgpack' }])
  })

  it('reads several packed events, and refuses the broken ones', () => {
    const accepted = acceptText(join(pack(['nginx', bin(join(event, event, Uint8Array.of(0xc1)))]), event))
    expect(hitsOf(accepted).map(({ path }) => path)).toEqual(['/good', '/good', '/good'])
    expect(accepted.refusals).toMatchObject([{ index: 2, reason: 'msgpack' }])
  })

  it('refuses packed events that are compressed where nothing inflates them, with what to do', () => {
    const packed = pack(['nginx', bin(Uint8Array.of(0x1f, 0x8b, 8)), { compressed: 'gzip' }])
    const accepted = acceptText(join(packed, event))
    expect(hitsOf(accepted)).toHaveLength(1)
    expect(accepted.refusals).toMatchObject([
      { reason: 'msgpack', message: expect.stringContaining('compress the body instead') as string }
    ])
  })

  describe('with packed events that are compressed', () => {
    const entries = (bytes: Uint8Array) => pack(['nginx', bin(bytes), { compressed: 'gzip' }])
    const read = (body: Uint8Array, inflate: Inflate, limits = unlimited) =>
      accept(body, context, limits, (body, limits) => readMsgpack(body, limits, inflate))

    it('reads them, and what follows', () => {
      const accepted = read(join(entries(gzipSync(join(event, event))), event), gunzipSync)
      expect(hitsOf(accepted).map(show)).toMatchObject(Array(3).fill({ path: '/good', time }))
      expect(accepted.refusals).toEqual([])
    })

    it('refuses those that are broken, and no other', () => {
      const accepted = read(join(entries(Uint8Array.of(0x1f, 0x8b)), event), () => null)
      expect(hitsOf(accepted)).toHaveLength(1)
      expect(accepted.refusals).toMatchObject([{ index: 0, reason: 'msgpack' }])
    })

    it('refuses what breaks off in them, and no other', () => {
      const accepted = read(join(entries(gzipSync(join(event, event.subarray(0, -3)))), event), gunzipSync)
      expect(hitsOf(accepted)).toHaveLength(2)
      expect(accepted.refusals).toMatchObject([{ index: 1, reason: 'msgpack' }])
    })

    it('opens no compressed events within them', () => {
      const inner = entries(gzipSync(event))
      expect(hitsOf(read(entries(gzipSync(inner)), gunzipSync))).toHaveLength(0)
    })

    it('counts their values and names with the rest', () => {
      const body = join(entries(gzipSync(pack({ a: 1 }))), pack({ b: 1 }))
      expect(() => read(body, gunzipSync, { ...unlimited, names: 2 })).toThrow('more than 2 names')
      const values = join(...Array<Uint8Array>(60).fill(pack([1])))
      const limits = { ...unlimited, values: 200 }
      expect(() =>
        read(join(entries(gzipSync(values)), entries(gzipSync(values))), gunzipSync, limits)
      ).toThrow('more than 200 values')
    })
  })

  it('refuses values that are not events, with the reason', () => {
    const accepted = acceptText(join(pack(['nginx', 5]), event))
    expect(hitsOf(accepted)).toHaveLength(1)
    expect(accepted.refusals).toMatchObject([{ reason: 'not_a_record' }, { reason: 'not_a_record' }])
  })

  it('packs no packed events', () => {
    let body = bin(event)
    for (let i = 0; i < 1_000; i++) body = bin(pack(['nginx', body]))
    const accepted = acceptText(pack(['nginx', body]))
    expect(hitsOf(accepted)).toHaveLength(0)
    expect(accepted.refusals).toMatchObject([{ reason: 'not_a_record' }, {}])
  })

  it('counts what is packed against the limits', () => {
    const body = pack(['nginx', bin(join(...Array<Uint8Array>(60).fill(pack([1]))))])
    expect(() => accept(body, context, { ...unlimited, values: 100 })).toThrow('more than 100 values')
  })

  it('refuses a record that nests too deep, and no other', () => {
    const deep = join(new Uint8Array(1_000_000).fill(0x91), Uint8Array.of(0xc0))
    const accepted = acceptText(join(event, deep, event))
    expect(hitsOf(accepted)).toHaveLength(2)
    expect(accepted.refusals).toMatchObject([{ index: 1, reason: 'too_deep' }])
  })

  it('removes secrets from what it refuses', () => {
    const { refusals } = acceptText(join(event, pack({ path: '/?password=hunter2' }).subarray(0, -1)))
    expect(JSON.stringify(refusals)).not.toContain('hunter')
  })
})

describe('a value', () => {
  it.each([
    [Uint8Array.of(0xcc, 200), 200],
    [Uint8Array.of(0xcd, 1, 0x90), 400],
    [Uint8Array.of(0xce, 0, 0, 1, 0x91), 401],
    [Uint8Array.of(0xcf, 0, 0, 0, 0, 0, 0, 1, 0x92), 402],
    [Uint8Array.of(0xd1, 1, 0x93), 403],
    [Uint8Array.of(0xd2, 0, 0, 1, 0x94), 404],
    [Uint8Array.of(0xd3, 0, 0, 0, 0, 0, 0, 1, 0x95), 405],
    [Uint8Array.of(0xca, 0x43, 0xcb, 0, 0), 406],
    [Uint8Array.of(0xa3, 0x34, 0x30, 0x37), 407],
    [Uint8Array.of(0xd9, 3, 0x34, 0x30, 0x38), 408],
    [Uint8Array.of(0xda, 0, 3, 0x34, 0x30, 0x39), 409],
    [Uint8Array.of(0xc4, 3, 0x34, 0x31, 0x30), 410],
    [Uint8Array.of(0xc5, 0, 3, 0x34, 0x31, 0x31), 411],
    [Uint8Array.of(0xc6, 0, 0, 0, 3, 0x34, 0x31, 0x32), 412]
  ])('%s is %i', (status, read) => {
    expect(one({ path: '/', status })).toMatchObject({ status: read })
  })

  it('of other kinds stands in extra', () => {
    const ext = Uint8Array.of(0xd4, 5, 1)
    const more = {
      a: Uint8Array.of(5),
      b: Uint8Array.of(0xff),
      c: Uint8Array.of(0xd0, 0x80),
      d: true,
      e: [1],
      ext
    }
    expect(one({ ...good, ...more })).toMatchObject({ extra: '{"a":5,"b":-1,"c":-128,"d":true,"e":[1]}' })
  })

  it('that is no text is read as one, and flagged', () => {
    expect(one({ ...good, ua: Uint8Array.of(0xc4, 2, 0x41, 0xff) })).toMatchObject({
      user_agent: 'A\ufffd',
      flags: 'utf8'
    })
    expect(one({ ...good, ua: 'a\0b' })).toMatchObject({ user_agent: 'a␀b' })
  })

  it('of a name that comes twice is the last, and flagged', () => {
    const twice = join(Uint8Array.of(0x83), ...['path', '/a', 'status', 200, 'path', '/b'].map(pack))
    expect(one(twice)).toMatchObject({ path: '/b', flags: 'twin_keys' })
  })

  it('named as the prototype is a value like any', () => {
    const record = join(
      Uint8Array.of(0x83),
      ...['path', '/', 'status', 200, '__proto__', { path: '/x' }].map(pack)
    )
    expect(one(record)).toMatchObject({ path: '/', extra: '{"__proto__":{"path":"/x"}}' })
  })
})

describe('a body', () => {
  const names = (count: number) => join(...Array.from({ length: count }, (_, i) => pack({ [`k${i}`]: 1 })))
  it.each([
    ['values', { values: 100 }, join(...Array<Uint8Array>(60).fill(pack([1])))],
    ['names', { names: 50 }, names(51)],
    ['records', { records: 50 }, names(51)]
  ])('may have too many %s', (what, limit, body) => {
    expect(() => accept(body, context, { ...unlimited, ...limit })).toThrow(
      `more than ${Object.values(limit)[0]} ${what}`
    )
  })

  it.each(['{"a":1}', '[1]', '\u0700\u0701', 'Ünder', '\ufeff{}', '', 'x'])('of text is none: %s', (text) => {
    expect(isMsgpack(new TextEncoder().encode(text))).toBe(false)
  })
})
