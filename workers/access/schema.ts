import type { Storage } from '../store/storage.ts'

/** Columns that came after the first release: tables of before get them. */
const added = [
  ['token', 'rotate_by', 'integer'],
  ['token', 'replaces', 'text'],
  ['token', 'networks', 'text'],
  ['token', 'line_formats', 'text'],
  ['token', 'name', 'text'],
  ['token', 'scope', 'text'],
  ['session', 'last_seen', 'integer'],
  ['session', 'agent', 'text'],
  ['session', 'network', 'text']
] as const

/** Makes the tables of the Directory, and brings older ones up to date. */
export function migrate(storage: Storage, schema: string): void {
  storage.sql(schema)
  for (const [table, column, type] of added) {
    const columns = storage.sql<{ name: string }>('select name from pragma_table_info(?)', table)
    if (!columns.some(({ name }) => name === column))
      storage.sql(`alter table ${table} add column ${column} ${type}`)
  }
}
