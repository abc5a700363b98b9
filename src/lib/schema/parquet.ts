import { columns, type SqlType } from './hit.ts'

/** How Parquet stores each type. */
const physical = {
  BIGINT: { type: 'INT64' },
  UBIGINT: { type: 'INT64', converted_type: 'UINT_64' },
  // A logical_type of INTEGER would make the file unreadable: hyparquet-writer 0.17 writes its width as i32.
  UINTEGER: { type: 'INT32', converted_type: 'UINT_32' },
  SMALLINT: { type: 'INT32', converted_type: 'INT_16' },
  DOUBLE: { type: 'DOUBLE' },
  BOOLEAN: { type: 'BOOLEAN' },
  // Not adjusted to UTC: an adjusted one arrives in DuckDB as TIMESTAMPTZ, which WASM cannot bucket.
  TIMESTAMP: {
    type: 'INT64',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MILLIS' }
  },
  VARCHAR: { type: 'BYTE_ARRAY', converted_type: 'UTF8' }
} as const satisfies Record<SqlType, object>

/** The schema of a part: its root, and the columns of a hit in their order. */
export const parquetSchema = [
  { name: 'hits', num_children: columns.length },
  ...columns.map((column) => ({
    name: column.name,
    repetition_type: 'required' in column ? ('REQUIRED' as const) : ('OPTIONAL' as const),
    ...physical[column.type]
  }))
]
