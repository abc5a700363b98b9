import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Ledger } from '../../../cli/push/ledger.ts'

const day = 86_400_000
const start = Date.parse('2026-01-01T00:00:00Z')
/** Two batches that are too large to be joined. */
const size = 4 << 20
const first = { before: 'head-a', start: 0, stop: size, after: 'a1' }
const second = { before: 'a1', start: size, stop: 2 * size, after: 'a2' }

describe('the ledger', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'loggia-ledger-'))))
  afterEach(() => rmSync(folder, { recursive: true }))

  /** Works on the ledger as it is opened so many days after the start. */
  function on<T>(days: number, work: (ledger: Ledger) => T): T {
    const ledger = Ledger.open(folder, 'here', () => start + days * day)
    try {
      return work(ledger)
    } finally {
      ledger.close()
    }
  }

  const store = (ledger: Ledger) => {
    for (const cut of [first, second]) {
      ledger.add(cut)
      ledger.finish(cut)
    }
    ledger.noteWhole('a.log', 'stamp', second.after)
  }
  const known = (ledger: Ledger) =>
    [first, second]
      .map(({ before }) => ledger.after(before).length)
      .concat(+(ledger.stampOf('a.log') !== null))

  it('forgets a log that it has not met for a year, and not before', () => {
    on(0, store)
    expect(on(365, known)).toEqual([1, 1, 1])
    expect(on(366, known)).toEqual([0, 0, 0])
  })

  it('keeps all of a log that was met by its last batch', () => {
    on(0, store)
    on(300, (ledger) => ledger.meet(second.after))
    expect(on(600, known)).toEqual([1, 1, 0])
    expect(on(666, known)).toEqual([0, 0, 0])
  })

  it('keeps a source that does not change, and its log', () => {
    on(0, store)
    for (const days of [200, 400, 600]) on(days, (ledger) => ledger.meetSource('a.log'))
    expect(on(900, known)).toEqual([1, 1, 1])
  })

  it('keeps what a log that has grown began with', () => {
    const third = { before: 'a2', start: 2 * size, stop: 3 * size, after: 'a3' }
    on(0, store)
    on(200, (ledger) => ledger.add(third))
    expect(on(500, known)).toEqual([1, 1, 0])
  })

  it('forgets one of two logs that begin with the same batch', () => {
    const other = { before: 'a1', start: size, stop: 2 * size, after: 'b2' }
    on(0, store)
    on(0, (ledger) => ledger.add(other))
    on(200, (ledger) => ledger.meet(other.after))
    expect(on(500, (ledger) => ledger.after(first.after).map(({ after }) => after))).toEqual(['b2'])
    expect(on(500, (ledger) => ledger.after(first.before).length)).toBe(1)
  })

  it('of a version before counts as met when it is first opened', () => {
    on(0, store)
    const database = new DatabaseSync(join(folder, 'push.db'))
    database.exec(
      'alter table cut drop column seen; alter table source drop column seen; alter table source drop column "end"'
    )
    database.close()
    expect(on(1_000, known)).toEqual([1, 1, 1])
    expect(on(1_366, known)).toEqual([0, 0, 0])
  })
})
