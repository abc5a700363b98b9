import type { SqlType } from '#lib/schema/hit.ts'
import type { SchemaElement } from 'hyparquet'
import { isTexts, type Numbers, type Texts } from '#lib/engine/columns.ts'
import type { Stored } from './page.ts'

const arrays = {
  BIGINT: BigInt64Array,
  UBIGINT: BigUint64Array,
  UINTEGER: Uint32Array,
  SMALLINT: Int16Array,
  DOUBLE: Float64Array,
  BOOLEAN: Uint8Array,
  TIMESTAMP: BigInt64Array
} as const

const physical: Record<SqlType, readonly SchemaElement['type'][]> = {
  BIGINT: ['INT64', 'INT32'],
  UBIGINT: ['INT64', 'INT32'],
  UINTEGER: ['INT32', 'INT64'],
  SMALLINT: ['INT32', 'INT64'],
  DOUBLE: ['DOUBLE', 'FLOAT', 'INT32', 'INT64'],
  BOOLEAN: ['BOOLEAN'],
  TIMESTAMP: ['INT64'],
  VARCHAR: ['BYTE_ARRAY']
}

/** Parquet's units of time, by how many of them make a millisecond. */
const units = { MILLIS: 1n, MICROS: 1_000n, NANOS: 1_000_000n } as const

/** Whether a column of the file can be read as one of ours. */
export function fits(element: SchemaElement, type: SqlType): boolean {
  const { converted_type, logical_type, repetition_type } = element
  if (repetition_type === 'REPEATED' || !physical[type].includes(element.type)) return false
  if (type === 'VARCHAR') return converted_type !== 'DECIMAL'
  if (type === 'TIMESTAMP') return unitOf(element) !== null
  const isInteger = !converted_type || /^U?INT_/.test(converted_type)
  return isInteger && (!logical_type || logical_type.type === 'INTEGER')
}

function unitOf({ converted_type, logical_type }: SchemaElement): bigint | null {
  if (logical_type?.type === 'TIMESTAMP') return units[logical_type.unit]
  if (converted_type === 'TIMESTAMP_MICROS') return units.MICROS
  return converted_type === 'TIMESTAMP_MILLIS' ? units.MILLIS : null
}

/** The file's values as those of our type; one that our type cannot hold is refused. */
export function ours(stored: Stored, element: SchemaElement, type: SqlType): Texts | Numbers {
  if (type === 'VARCHAR') return isTexts(stored as Texts | Numbers) ? (stored as Texts) : noTexts()
  const numbers = unsigned(stored as Exclude<Stored, Texts>, element)
  const unit = type === 'TIMESTAMP' ? unitOf(element)! : 1n
  const Ours = arrays[type]
  if (numbers instanceof Ours && unit === 1n) return numbers
  const values = new Ours(numbers.length)
  const isBig = values instanceof BigInt64Array || values instanceof BigUint64Array
  for (let i = 0; i < numbers.length; i++) {
    const value = isBig ? floor(BigInt(numbers[i]!), unit) : Number(numbers[i])
    values[i] = value
    if (values[i] !== value && !(values instanceof Float64Array))
      throw new Error(`${element.name} ${value} is no ${type}`)
  }
  return values
}

const noTexts = (): Texts => ({ offsets: new Int32Array(1), bytes: new Uint8Array() })

/** The millisecond in which a time lies, also before 1970. */
const floor = (value: bigint, unit: bigint) => (value - (((value % unit) + unit) % unit)) / unit

/** Parquet has no unsigned integers: it has a note that these are. */
function unsigned(numbers: Exclude<Stored, Texts>, { converted_type, logical_type }: SchemaElement) {
  const isSigned =
    logical_type?.type === 'INTEGER' ? logical_type.isSigned : !converted_type?.startsWith('UINT_')
  const { buffer, byteOffset, length } = numbers
  if (!isSigned && numbers instanceof Int32Array) return new Uint32Array(buffer, byteOffset, length)
  if (!isSigned && numbers instanceof BigInt64Array) return new BigUint64Array(buffer, byteOffset, length)
  return numbers
}
