import { readState } from './state.ts'
import type { Storage } from './storage.ts'

interface Size {
  rows: number
  bytes: number
}

/** Hits of the log that are in no part yet. */
export interface Unflushed extends Size {
  /** When the first row of them was received; null when there is none. */
  oldest: number | null
}

/**
 * How much waits to be flushed. A row of the log holds the size of all before it, so that the first and the last row tell,
 * however long the log is. A row of before this column does not: then all are counted.
 */
export function unflushed(storage: Storage): Unflushed {
  const [first] = storage.sql<{ received: number; rows_before: number | null; bytes_before: number }>(
    'select received, rows_before, bytes_before from log where position >= ? order by position limit 1',
    flushedOf(storage)
  )
  if (!first) return { rows: 0, bytes: 0, oldest: null }
  const { received: oldest, rows_before, bytes_before } = first
  if (rows_before === null) return { ...countUnflushed(storage), oldest }
  const { rows, bytes } = endOfLog(storage)
  return { rows: rows - rows_before, bytes: bytes - bytes_before, oldest }
}

/** The same size, counted row by row. */
export function countUnflushed(storage: Storage): Size {
  const [counted] = storage.sql<Size>(
    'select coalesce(sum(rows), 0) as rows, coalesce(sum(length(hits)), 0) as bytes from log where position >= ?',
    flushedOf(storage)
  )
  return counted!
}

/** Where the next row of the log goes, and the size of the rows before it. */
export interface End extends Size {
  position: number
}

export function endOfLog(storage: Storage): End {
  const [known] = storage.sql<Size & { position: number }>(
    `select position, rows_before as rows, bytes_before as bytes from log where rows_before is not null
     order by position desc limit 1`
  )
  // The row itself, and those that a version of before has added to it.
  const [more] = storage.sql<Size & { last: number }>(
    `select coalesce(max(position), -1) as last, coalesce(sum(rows), 0) as rows, coalesce(sum(length(hits)), 0) as bytes
     from log where position >= ?`,
    known?.position ?? 0
  )
  const { last, rows, bytes } = more!
  return {
    // Trimmed rows lie below `flushed`, so no position comes twice although the table forgets.
    position: Math.max(last + 1, flushedOf(storage)),
    rows: rows + (known?.rows ?? 0),
    bytes: bytes + (known?.bytes ?? 0)
  }
}

const flushedOf = (storage: Storage) => readState(storage, 'flushed') ?? 0
