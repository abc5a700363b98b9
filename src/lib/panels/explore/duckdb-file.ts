import { openEngine } from '#lib/engine/engine.ts'
import type { Connection } from '#lib/engine/connection.ts'
import { columns, type ColumnName } from '#lib/schema/hit.ts'
import { columnsOfLines } from './line-columns.ts'

type Lines = readonly Partial<Record<ColumnName, unknown>>[]

/** The working copy of a site ends in `.db`. Signing out deletes all that begins so. */
const nameOf = (id: string) => `loggia-${id}.export`
const isExport = (name: string) => /^loggia-.*\.export(?:\.wal)?$/.test(name)

/** Writes lines into the table `hits`. Each page is let go. */
export async function writeHits(connection: Connection, pages: AsyncIterable<Lines>): Promise<void> {
  const fields = columns.map(({ name, type }) => `"${name}" ${type}`).join(', ')
  await connection.run(`CREATE TABLE hits (${fields})`)
  for await (const lines of pages) await connection.insert('hits', columnsOfLines(lines))
  await connection.run('CHECKPOINT')
}

/**
 * The bytes of a DuckDB file with the lines. The engine of the page may not attach a file, so an engine of its own writes
 * one on the device, which is deleted in the end.
 */
export async function* duckdbOf(pages: AsyncIterable<Lines>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const root = await navigator.storage.getDirectory()
  await removeExports(root)
  const name = nameOf(crypto.randomUUID())
  try {
    const engine = await openEngine({ file: name })
    try {
      await writeHits(await engine.connect(), pages)
    } finally {
      await engine.close()
    }
    const file = await (await root.getFileHandle(name)).getFile()
    for (const reader = file.stream().getReader(); ;) {
      const { done, value } = await reader.read()
      if (done) break
      yield value
    }
  } finally {
    await removeExports(root)
  }
}

/** Those that are still open, as in another tab, stay. */
async function removeExports(root: FileSystemDirectoryHandle): Promise<void> {
  for (const name of await Array.fromAsync(root.keys()))
    if (isExport(name)) await root.removeEntry(name).catch(() => {})
}
