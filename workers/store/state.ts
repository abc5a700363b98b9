import type { Storage } from './storage.ts'

/** Single values the store remembers: numbers default to 0. */
interface Values {
  site: string
  /** The object that writes: any other one alive on this storage is displaced. */
  writer: string
  /** The manifest's version. */
  version: number
  /** The least revision that a part may have; raised when the store was put back to an older point in time. */
  epoch: number
  /** When the newest object was stored that no part knew, so that it is noticed once. */
  foreign: number
  /** The first log position that no live part covers yet. */
  flushed: number
  /** How often the flush at `flushed` has failed in a row. */
  flush_failures: number
  /** How many alarms have failed in a row, and when the next try is due. */
  failures: number
  retry_at: number
  /** For how many days hits are kept; none: for ever. */
  retention_days: number
  /** When the bucket was last searched for objects that no part knows, and how many there were. */
  swept: number
  orphans: number
  /** Which kind of hashes lines are known by. */
  line_hashes: number
  /** The run of the runtime that has held unsynced parts against the bucket. */
  boot: string
  /** How many parts were mended, and when the last one was. */
  mended: number
  mended_at: number
  /** The alert rules that are watched while no page is open, as JSON of `Watched`; none if there are none. */
  watched: string
}

export function readState<N extends keyof Values>(storage: Storage, name: N): Values[N] | null {
  return storage.sql<{ value: Values[N] }>('select value from state where name = ?', name)[0]?.value ?? null
}

export function forgetState(storage: Storage, name: keyof Values): void {
  storage.sql('delete from state where name = ?', name)
}

export function writeState<N extends keyof Values>(storage: Storage, name: N, value: Values[N]): void {
  storage.sql('insert or replace into state (name, value) values (?, ?)', name, value)
}
