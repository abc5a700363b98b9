import type { InsertColumn, Numbers, Texts } from '#lib/engine/columns.ts'
import { columns, type ColumnName, type SqlType } from '#lib/schema/hit.ts'

type Line = Partial<Record<ColumnName, unknown>>

const utf8 = new TextEncoder()

const arrays = {
  BIGINT: BigInt64Array,
  UBIGINT: BigUint64Array,
  TIMESTAMP: BigInt64Array,
  UINTEGER: Uint32Array,
  SMALLINT: Int16Array,
  DOUBLE: Float64Array,
  BOOLEAN: Uint8Array
} as const satisfies Record<Exclude<SqlType, 'VARCHAR'>, unknown>

/** Lines as the columns of a hit, to insert. */
export const columnsOfLines = (lines: readonly Line[]): InsertColumn[] =>
  columns.map(({ name, type }) => {
    const values = lines.map((line) => line[name] ?? null)
    const present = Uint8Array.from(values, (value) => Number(value !== null))
    return {
      name,
      type,
      values: type === 'VARCHAR' ? textsOf(values) : numbersOf(values, type),
      present: present.includes(0) ? present : null
    }
  })

function numbersOf(values: readonly unknown[], type: Exclude<SqlType, 'VARCHAR'>): Numbers {
  const numbers = new arrays[type](values.length)
  const isBig = numbers instanceof BigInt64Array || numbers instanceof BigUint64Array
  for (const [i, value] of values.entries())
    if (value !== null)
      numbers[i] = isBig && typeof value === 'number' ? BigInt(Math.trunc(value)) : (value as number)
  return numbers
}

function textsOf(values: readonly unknown[]): Texts {
  const texts = values.map((value) => utf8.encode(value === null ? '' : String(value)))
  const offsets = new Int32Array(texts.length + 1)
  for (const [i, text] of texts.entries()) offsets[i + 1] = offsets[i]! + text.length
  const bytes = new Uint8Array(offsets.at(-1)!)
  for (const [i, text] of texts.entries()) bytes.set(text, offsets[i])
  return { offsets, bytes }
}
