import { Piece, type Stretch } from './body.ts'
import { isFields } from './fields.ts'
import type { Limits } from './limits.ts'
import { Cursor, textOf, Unreadable, type Packed } from './msgpack-cursor.ts'

const { isArray } = Array

/** Records of a stretch: a body is decoded part by part. */
const stretch = 1_000
/** A broken rest goes to quarantine by its head. */
const longestRest = 8_192

/**
 * Whether a body is MessagePack: it begins with a list or a map that begins with a text, a time, a list or a map. No
 * text does.
 */
export function isMsgpack(body: Uint8Array): boolean {
  const first = body[0] ?? 0
  const isShort = first >= 0x80 && first < 0xa0
  if (!isShort && (first < 0xdc || first > 0xdf || body[1]! >= 0x80)) return false
  return body[isShort ? 1 : first % 2 === 0 ? 3 : 5]! >= 0x80
}

/**
 * Reads a stream of MessagePack: records, Fluent Bit's `[[time, {…}], record]` and `[time, record]`, and Fluentd's
 * `[tag, [[time, record]…]]`, `[tag, time, record]` and `[tag, bytes of [time, record]…, {…}]`. What follows a broken value
 * cannot be read: it is refused. Without `inflate` packed events that are compressed are refused, too.
 */
export function* readMsgpack(body: Uint8Array, limits: Limits, inflate?: Inflate): Generator<Stretch> {
  const cursor = new Cursor(body, limits)
  while (cursor.at < cursor.end) {
    const records: unknown[] = []
    const times: unknown[] = []
    cursor.isDamaged = false
    while (cursor.at < cursor.end && records.length < stretch) {
      for (const { time, record } of readNext(cursor, inflate)) {
        records.push(record)
        times.push(time)
      }
    }
    yield { records, times, isDamaged: cursor.isDamaged }
  }
}

/** The bytes of a stream of gzip; null if it is broken. May throw if they are too many. */
export type Inflate = (bytes: Uint8Array) => Uint8Array | null

interface Event {
  time: unknown
  record: unknown
}

function readNext(cursor: Cursor, inflate?: Inflate): Event[] {
  const start = cursor.at
  cursor.hasTwins = false
  try {
    const packed = cursor.takePacked()
    if (packed !== null) return readPacked(cursor, packed, inflate)
    const events = eventsIn(cursor.read(0))
    if (!cursor.hasTwins) return events
    return events.map(({ time, record }) => ({
      time,
      record: new Piece(JSON.stringify(record), record, 'twins')
    }))
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    if (error.isDeep) cursor.skip(start)
    else cursor.at = cursor.end
    const text = textOf(cursor.body.subarray(start, Math.min(cursor.at, start + longestRest)))
    return [{ time: undefined, record: new Piece(text, undefined, error.isDeep ? 'too_deep' : 'msgpack') }]
  }
}

/** The events that Fluentd packs as bytes behind a tag. */
function readPacked(cursor: Cursor, { from, to, option }: Packed, inflate?: Inflate): Event[] {
  const compressed = isFields(option) ? option.compressed : undefined
  if (compressed === 'gzip' && inflate !== undefined) return readCompressed(cursor, { from, to }, inflate)
  if (compressed !== undefined && compressed !== 'text')
    return broken(`entries are compressed (${String(compressed)}): compress the body instead`)
  const { at, end } = cursor
  const events: Event[] = []
  cursor.at = from
  cursor.isPacked = true
  for (cursor.end = to; cursor.at < to;) events.push(...readNext(cursor))
  cursor.at = at
  cursor.end = end
  cursor.isPacked = false
  return events
}

function readCompressed(cursor: Cursor, { from, to }: Omit<Packed, 'option'>, inflate: Inflate): Event[] {
  const bytes = inflate(cursor.body.subarray(from, to))
  if (bytes === null) return broken('entries are no gzip, though they are said to be')
  const inside = cursor.inside(bytes)
  const events: Event[] = []
  while (inside.at < inside.end) events.push(...readNext(inside))
  cursor.isDamaged ||= inside.isDamaged
  return events
}

const broken = (text: string): Event[] => [{ time: undefined, record: new Piece(text, undefined, 'msgpack') }]

/** Fluent Bit marks where a group of events begins (-1) and ends (-2) by such a time. */
const isMark = (time: unknown) => time === 0xffff_ffff || time === 0xffff_fffe

function eventsIn(value: unknown): Event[] {
  if (!isArray(value)) return [{ time: undefined, record: value }]
  const list: unknown[] = value
  const [first, second, third] = list
  if (typeof first === 'string' && isArray(second)) return second.flatMap(eventsIn)
  if (typeof first === 'string' && isFields(third)) return [{ time: second, record: third }]
  const time: unknown = isArray(first) ? first[0] : first
  if (list.length === 2 && typeof time === 'number' && isFields(second))
    return isMark(time) ? [] : [{ time, record: second }]
  return list.map((record) => ({ time: undefined, record }))
}
