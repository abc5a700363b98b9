import { forgetOtherKinds } from './seen-lines.ts'
import type { Storage } from './storage.ts'

/** Columns that came after their table; a store made before has to be given them. */
const added = [
  ['log', 'lines', 'blob'],
  ['log', 'dropped', 'blob'],
  ['log', 'days', 'text'],
  ['log', 'rows_before', 'integer'],
  ['log', 'bytes_before', 'integer'],
  ['part', 'deleted', 'integer'],
  ['part', 'unsynced', 'integer'],
  ['part', 'child', 'text'],
  ['erasure', 'done', 'integer'],
  ['batch', 'is_settled', 'integer'],
  ['quarantine', 'cut', 'integer'],
  ['quarantine', 'batch', 'text'],
  ['quarantine', 'is_site_named', 'integer'],
  ['forwarder', 'lag', 'integer'],
  ['forwarder', 'unkeyed', 'integer'],
  ['forwarder', 'span', 'integer'],
  ['forwarder', 'span_records', 'integer'],
  ['forwarder', 'before_records', 'integer']
] as const

/** Makes what `schema.sql` names and is missing. Columns are added, never renamed: a deploy mixes versions for minutes. */
export function migrate(storage: Storage, schema: string): void {
  storage.sql(schema)
  for (const [table, column, type] of added) {
    const names = storage.sql<{ name: string }>(`pragma table_info(${table})`).map(({ name }) => name)
    if (!names.includes(column)) storage.sql(`alter table ${table} add column ${column} ${type}`)
  }
  forgetOtherKinds(storage)
}
