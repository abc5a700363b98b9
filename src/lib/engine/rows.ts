import { DataType, type Schema, type Table, type Timestamp } from 'apache-arrow'
import type { Answer, Cell } from './connection.ts'

interface Column {
  get(row: number): unknown
  data: readonly { values: unknown; getValid(row: number): boolean }[]
}

interface Batch {
  schema: Schema
  numRows: number
  getChildAt(index: number): Column | null
}

/** An Arrow table as plain cells; nothing of Arrow leaves this file. */
export const toAnswer = (table: Table): Answer => toRows(table.schema, table.batches)

/** Record batches of one schema as plain cells. */
export function toRows(schema: Schema, batches: readonly Batch[]): Answer {
  const columns = schema.fields.map(({ name, type }) => ({ name, type: String(type) }))
  const rows = batches.flatMap((batch) => {
    const vectors = schema.fields.map((_, i) => batch.getChildAt(i))
    return Array.from({ length: batch.numRows }, (_, row) =>
      vectors.map((vector, i) => {
        const { type } = schema.fields[i]!
        return vector && DataType.isTimestamp(type)
          ? toTime(vector, row, type)
          : toCell(vector?.get(row), type)
      })
    )
  })
  return { columns, rows }
}

/** Of a second, by Arrow's unit: seconds, milliseconds, microseconds, nanoseconds. */
const ticks = [1n, 1_000n, 1_000_000n, 1_000_000_000n] as const
const endOfTime = 2n ** 63n - 1n
const daysOfEndOfTime = 2 ** 31 - 1

/** Milliseconds since 1970. Arrow itself throws for a time that is infinite, or far away. */
function toTime({ data: [data] }: Column, row: number, { unit }: Timestamp): number | null {
  if (!data?.getValid(row)) return null
  const value = (data.values as BigInt64Array)[row]!
  if (value === endOfTime || value === -endOfTime) return value > 0n ? Infinity : -Infinity
  const tick = ticks[unit]
  return tick < 1_000n ? Number(value) * 1_000 : toParts(value, tick / 1_000n)
}

const toParts = (value: bigint, part: bigint) => Number(value / part) + Number(value % part) / Number(part)

/** Milliseconds since 1970. */
const toDay = (ms: number): number =>
  Math.abs(ms) === daysOfEndOfTime * 86_400_000 ? Math.sign(ms) * Infinity : ms

function toCell(value: unknown, type: DataType): Cell {
  if (value === null || value === undefined) return null
  if (DataType.isDecimal(type)) return toDecimal(value as Uint32Array, type.scale)
  if (DataType.isDictionary(type)) return toCell(value, type.dictionary)
  if (DataType.isDate(type)) return toDay(value as number)
  if (DataType.isTime(type)) return toClock(BigInt(value as bigint))
  if (DataType.isInterval(type)) return toInterval(value as Int32Array)
  if (typeof value === 'bigint') return toNumber(value)
  if (DataType.isList(type) || DataType.isFixedSizeList(type))
    return Array.from(value as Iterable<unknown>, (item) => toCell(item, type.valueType))
  if (DataType.isStruct(type)) return toObject(value as Entries, ({ length }) => type.children[length]!.type)
  if (DataType.isMap(type)) return toObject(value as Entries, () => type.valueType)
  if (value instanceof Uint8Array) return toHex(value)
  if (typeof value === 'object') return Array.from(value as Iterable<number>)
  return value as Cell
}

type Entries = Iterable<[unknown, unknown]>

/** `typeOf` gives the type of the value that follows those that are there. */
function toObject(values: Entries, typeOf: (before: readonly unknown[]) => DataType): Cell {
  const entries: [string, Cell][] = []
  for (const [key, value] of values) entries.push([String(key), toCell(value, typeOf(entries))])
  return Object.fromEntries(entries)
}

const toNumber = (value: bigint): number | bigint =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value

/** What any number holds, whatever its digits are. */
const exactDigits = 15

// SUM of BIGINT is a HUGEINT, which Arrow knows only as a decimal of 128 bits without places.
/** A text where a number would round it. */
function toDecimal(words: Uint32Array, scale: number): number | bigint | string {
  const value = BigInt.asIntN(
    words.length * 32,
    words.reduceRight((high, word) => (high << 32n) | BigInt(word), 0n)
  )
  if (!scale) return toNumber(value)
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0')
  const text = `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  return digits.replace(/^0+|0+$/g, '').length > exactDigits ? text : Number(text)
}

/** `10:00:00.5`, of microseconds. */
function toClock(micros: bigint): string {
  const two = (n: bigint) => String(n).padStart(2, '0')
  const [seconds, rest] = [micros / 1_000_000n, micros % 1_000_000n]
  const clock = [seconds / 3_600n, (seconds / 60n) % 60n, seconds % 60n].map(two).join(':')
  return rest ? `${clock}.${String(rest).padStart(6, '0').replace(/0+$/, '')}` : clock
}

/** `1 year 2 days 02:00:00`, as the engine writes it, of months, days and two halves of nanoseconds. */
function toInterval([months = 0, days = 0, low = 0, high = 0]: Int32Array): string {
  const micros = ((BigInt(high) << 32n) | BigInt(low >>> 0)) / 1_000n
  const clock = (micros < 0n ? '-' : '') + toClock(micros < 0n ? -micros : micros)
  const counts = [
    [Math.trunc(months / 12), 'year'],
    [months % 12, 'month'],
    [days, 'day']
  ] as const
  const parts = counts.flatMap(([n, unit]) => (n ? [`${n} ${unit}${Math.abs(n) === 1 ? '' : 's'}`] : []))
  return [...parts, ...(micros || !parts.length ? [clock] : [])].join(' ')
}

const toHex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
