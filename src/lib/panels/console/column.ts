import type { Cell } from '#lib/engine/connection.ts'
import { visible } from '#lib/format/visible.ts'

export type Kind = 'number' | 'time' | 'text' | 'boolean' | 'other'

/** A column of a result. */
export interface ResultColumn {
  readonly name: string
  readonly kind: Kind
  /** The type in a word. */
  readonly type: string
}

/** What each type of Arrow, or of native DuckDB, is. */
const types: readonly { pattern: RegExp; kind: Kind; type: string }[] = [
  { pattern: /\[\]$|^(?:List|FixedSizeList)/, kind: 'other', type: 'list' },
  { pattern: /^(?:Struct|STRUCT|Map|MAP)/, kind: 'other', type: 'struct' },
  {
    pattern: /^(?:U?Int|U?BIGINT|U?INTEGER|U?SMALLINT|U?TINYINT|U?HUGEINT|Decimal\[\d+e\+?0\])/i,
    kind: 'number',
    type: 'int'
  },
  { pattern: /^(?:Float|DOUBLE|FLOAT)/i, kind: 'number', type: 'double' },
  { pattern: /^Decimal/i, kind: 'number', type: 'decimal' },
  { pattern: /^Time(?:32|64)?(?:<|$)/i, kind: 'text', type: 'time' },
  { pattern: /^Timestamp/i, kind: 'time', type: 'timestamp' },
  { pattern: /^Date/i, kind: 'time', type: 'date' },
  { pattern: /^Bool/i, kind: 'boolean', type: 'bool' },
  { pattern: /^(?:Utf8|LargeUtf8|VARCHAR|Dictionary|ENUM)/i, kind: 'text', type: 'text' }
]

export function columnOf({ name, type }: { name: string; type: string }): ResultColumn {
  // `Interval` begins as `Int` does.
  const found = /^interval/i.test(type) ? undefined : types.find(({ pattern }) => pattern.test(type))
  return { name, kind: found?.kind ?? 'other', type: found?.type ?? type.toLowerCase().replace(/[<[].*/, '') }
}

/** Days repeat after 400 years. */
const cycle = { years: 400, ms: 146_097 * 86_400_000 }

/** A time as the engine would write it: UTC, to the microsecond, without zeros at its end. */
export function writeTime(ms: number, type: string): string {
  if (!Number.isFinite(ms)) return ms > 0 ? 'infinity' : '-infinity'
  const whole = Math.floor(ms)
  const micros = Math.round((ms - whole) * 1_000)
  // A `Date` ends in the year 275760.
  const cycles = Math.trunc(whole / cycle.ms)
  const date = new Date(whole - cycles * cycle.ms)
  const year = date.getUTCFullYear() + cycles * cycle.years
  const [day, clock] = date.toISOString().slice(-20, -1).split('T') as [string, string]
  const rest = `${clock.slice(9)}${String(micros).padStart(3, '0')}`.replace(/0+$/, '')
  const time = type === 'date' ? '' : ` ${clock.slice(0, 8)}${rest && `.${rest}`}`
  return `${String(year > 0 ? year : 1 - year).padStart(4, '0')}${day}${year > 0 ? '' : ' (BC)'}${time}`
}

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const withPlaces = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })
/** So many characters of a text are shown: a table with more of them would hold up the page. */
const mostShown = 1_000

const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)

/** A cell as it is: what is copied and exported. Null is empty. */
export function rawOf(cell: Cell, { kind, type }: ResultColumn): string {
  if (cell === null) return ''
  if (kind === 'time' && typeof cell === 'number') return writeTime(cell, type)
  return typeof cell === 'object' ? JSON.stringify(cell, plain) : String(cell)
}

/** A cell as it is shown: digits grouped, small fractions to six digits, nothing that hides text. */
export function shownOf(cell: Cell, column: ResultColumn): string {
  if (column.kind === 'number') {
    if (typeof cell === 'bigint') return grouped.format(cell)
    if (typeof cell === 'number') return numberText(cell)
  }
  return hintOf(cell, column)
}

function numberText(n: number): string {
  if (!Number.isFinite(n) || Math.abs(n) >= 1e21) return String(n)
  if (Number.isInteger(n)) return grouped.format(n)
  return Math.abs(n) >= 10_000 ? withPlaces.format(n) : String(Number(n.toPrecision(6)))
}

/** The first characters of a cell as it is. */
export function hintOf(cell: Cell, column: ResultColumn): string {
  const text = rawOf(cell, column)
  return visible(text.length > mostShown ? `${text.slice(0, mostShown)}…` : text)
}
