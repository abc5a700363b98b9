import { beforeEach, describe, expect, test } from 'vitest'
import type { ReadColumn } from '../../src/lib/engine/columns.ts'
import { toObjects, type Connection } from '../../src/lib/engine/connection.ts'
import { mergeColumn, type RowGroup } from '../../src/lib/star/merge.ts'
import { Store } from '../../src/lib/device/store.ts'
import { encodeTexts } from '../../src/lib/engine/texts.ts'
import { withoutRepeats } from '../../src/lib/engine/words.ts'
import { columns, type ColumnName } from '../../src/lib/schema/hit.ts'
import { partOf, start } from '../panels/rolled-copy.ts'
import { decoded, rowGroupOf, type Row } from './incoming.ts'
import { openNative } from '../engine/native.ts'
import { plainValues } from '../engine/plain-columns.ts'

const nothing = Object.fromEntries(columns.map(({ name }) => [name, null]))
const hitOf = (position: number, i: number, more: Row = {}): Row => ({
  ...nothing,
  seq: position * 65_536 + i,
  kind: 'request',
  time: start + position * 1_000 + i,
  is_bot: false,
  visitor: i % 2,
  shape: 'combined',
  path: ['/shared', `/own/${position}`, null][i % 3]!,
  ip: ['192.0.2.1', `192.0.2.${position + 10}`][i % 2]!,
  referrer: position % 2 ? '/shared' : null,
  status: 200 + position,
  message: i % 2 ? 'the same' : `of ${position}`,
  ...more
})
const partRows = (position: number) => [0, 1, 2, 3, 4].map((i) => hitOf(position, i))
const parts = [0, 1, 2, 3].map((position) => partOf(start, position, 5))
const broken: RowGroup = {
  rows: 5,
  read: () => {
    throw new Error('cut off')
  }
}

describe('row groups of several parts', () => {
  let connection: Connection
  let store: Store
  const read = async (sql: string) => toObjects(await connection.run(sql))
  const inserted: string[] = []
  beforeEach(async () => {
    const native = await openNative()
    connection = {
      ...native,
      insert: (table, columns) => (inserted.push(table), native.insert(table, columns))
    }
    store = new Store(connection)
    await store.open('test')
    inserted.length = 0
    return () => connection.close()
  })
  const flat = () => read('SELECT * FROM flat ORDER BY seq')

  test('are inserted together, value for value, each word once', async () => {
    const names = columns.map(({ name }) => name).filter((name) => name !== 'ip' && name !== 'status')
    const groups = parts.map((_, i) => rowGroupOf(partRows(i), i === 2 ? names : undefined))
    await store.load(parts, () => decoded(groups, 15))
    expect(inserted.filter((table) => table === 'hits')).toHaveLength(2)
    const rows = parts.flatMap((_, i) =>
      partRows(i).map((row) => (i === 2 ? { ...row, ip: null, status: null } : row))
    )
    expect(await flat()).toEqual(rows)
    const words = await read('SELECT field, word FROM words WHERE id > 0 GROUP BY ALL HAVING count(*) > 1')
    expect(words).toEqual([])
    expect(store.held.map(({ part }) => part)).toEqual(parts.map(({ id }) => id))
  })

  test('leave nothing when the second of a merged group cannot be read', async () => {
    await store.load(parts.slice(0, 1), () => decoded([rowGroupOf(partRows(0))]))
    const before = [await flat(), await read('SELECT * FROM words ORDER BY ALL'), store.held]
    const groups = [rowGroupOf(partRows(1)), rowGroupOf(partRows(2)), rowGroupOf(partRows(3)), broken]
    for (const most of [1, 10, 20])
      await expect(store.load(parts, () => decoded(groups, most))).rejects.toThrow('cut off')
    expect([await flat(), await read('SELECT * FROM words ORDER BY ALL'), store.held]).toEqual(before)
  })

  test('replace what is held, also of a part before them', async () => {
    await store.load([parts[1]!], () => decoded([rowGroupOf(partRows(1))]))
    const again = { ...parts[1]!, id: 'again', revision: 1 }
    const last = { ...again, id: 'last', revision: 2 }
    const rowsOf = (id: string) => partRows(1).map((row) => ({ ...row, path: `/${id}` }))
    const all = { again: rowsOf('again'), last: rowsOf('last'), [parts[0]!.id]: partRows(0) }
    const batch = [parts[0]!, again, last]
    await store.load(batch, (run) =>
      decoded(
        run.map(({ id }) => rowGroupOf(all[id]!)),
        100
      )
    )
    expect(await flat()).toEqual([...partRows(0), ...rowsOf('last')])
    expect(store.held.map(({ part, revision }) => [part, revision])).toEqual([
      [parts[0]!.id, 0],
      ['last', 2]
    ])
    expect(await read(`SELECT word FROM words WHERE word IN ('/again', '/own/1')`)).toEqual([])
  })
})

describe('a column of merged row groups', () => {
  const texts = (words: string[], ...places: number[]): ReadColumn => ({
    words: encodeTexts(words),
    places: Uint32Array.from(places)
  })
  const coded = (words: number[], ...places: number[]): ReadColumn => ({
    words: Int16Array.from(words),
    places: Uint32Array.from(places)
  })
  const plain = (values: number[], present: number[] | null): ReadColumn => ({
    values: Int16Array.from(values),
    present: present && Uint8Array.from(present)
  })
  const none = null
  test.each<[string, ColumnName, (ReadColumn | null)[], unknown[]]>([
    ['texts', 'path', [texts(['/a', '/b'], 2, 0), texts(['/b', '/c'], 1, 2)], ['/b', null, '/b', '/c']],
    ['no text', 'path', [texts([], 0, 0), texts([], 0, 0)], [null, null, null, null]],
    [
      'a mark that UTF-8 drops',
      'path',
      [texts(['\uFEFF/a'], 1, 1), texts(['/a'], 1, 0)],
      ['\uFEFF/a', '\uFEFF/a', '/a', null]
    ],
    ['a part without the column', 'path', [none, texts(['/a'], 1, 0)], [null, null, '/a', null]],
    ['coded numbers', 'status', [coded([200, 404], 2, 0), coded([404], 1, 1)], [404, null, 404, 404]],
    ['plain numbers', 'status', [plain([1, 2], null), plain([3, 4], null)], [1, 2, 3, 4]],
    ['both', 'status', [coded([200], 0, 1), plain([3, 0], [1, 0])], [null, 200, 3, null]],
    ['numbers of one part', 'status', [plain([1, 2], null), none], [1, 2, null, null]]
  ])('has the values of each: %s', async (_, name, found, expected) => {
    const reads = found.map((column) => ({
      rows: 2,
      columns: new Map<ColumnName, ReadColumn>(column ? [[name, column]] : [])
    }))
    expect(plainValues(mergeColumn(name, reads))).toEqual(expected)
  })

  test('withoutRepeats keeps each word at its first place', () => {
    const { words, places } = withoutRepeats(BigUint64Array.of(5n, 7n, 5n, 2n ** 64n - 1n, 7n))
    expect([words, places]).toEqual([
      BigUint64Array.of(5n, 7n, 2n ** 64n - 1n),
      Uint32Array.of(1, 2, 1, 3, 2)
    ])
  })
})
