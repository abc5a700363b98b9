import { columns as known } from '#lib/schema/hit.ts'
import type { ParquetFile, RowGroupMetaData } from 'parquet-wasm'

export interface OpenPart {
  groups: number
  /** The columns that `read` gives, in the file's order: those of ours that the file has. */
  columns: string[]
  /** One row group as an Arrow IPC stream. */
  read(group: number): Promise<Uint8Array>
  close(): void
}

const batchSize = 122_880

/** A part's bytes, checked against the manifest's hash, ready to be read group by group. */
export async function openPart(
  reader: Pick<typeof ParquetFile, 'fromFile'>,
  bytes: Uint8Array<ArrayBuffer>,
  sha256: string
): Promise<OpenPart> {
  const found = await hashOf(bytes)
  if (found !== sha256) throw new Error(`part has sha256 ${found}, the manifest says ${sha256}`)
  const file = await reader.fromFile(new Blob([bytes]))
  const metadata = file.metadata()
  const groups = metadata.numRowGroups()
  const columns = groups ? columnsOf(metadata.rowGroup(0)) : []
  return {
    groups,
    columns,
    read: async (group) => (await file.read({ rowGroups: [group], batchSize, columns })).intoIPCStream(),
    close: () => file.free()
  }
}

function columnsOf(group: RowGroupMetaData): string[] {
  const names = group.columns().map((column) => column.columnPath().join('.'))
  return names.filter((name) => known.some((column) => column.name === name))
}

export async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes)
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
