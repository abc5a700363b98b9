import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { flush } from '../../workers/store/flush.ts'
import { fsck } from '../../workers/store/fsck.ts'
import { append } from '../../workers/store/log.ts'
import { toLogRows } from '../../workers/store/log-row.ts'
import { migrate } from '../../workers/store/migrate.ts'
import { Meter } from '../../workers/store/operations.ts'
import { readQuarantine } from '../../workers/store/quarantine.ts'
import { forgetState, writeState } from '../../workers/store/state.ts'
import { readStatus } from '../../workers/store/status.ts'
import { batch, enrich, hit } from './hits.ts'
import { noon, openStorage, storageOn, surroundings } from './memory.ts'

const schemaOf = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const schema = schemaOf('../../workers/store/schema.sql')

/** A store as the first release made it, with a hit in its log and a refused record. */
function openFirst() {
  const storage = storageOn(new DatabaseSync(':memory:'))
  storage.sql(schemaOf('../fixtures/first-schema.sql'))
  const [row] = toLogRows([hit(1, noon)])
  storage.sql('insert into log (position, rows, received, hits) values (0, 1, ?, ?)', noon, row!.hits)
  storage.sql('insert into counter values (?, ?, ?)', '2026-11-21', 'accepted', 1)
  storage.sql('insert into forwarder values (?, ?, ?, ?)', 't0000001', noon, 1, 1)
  storage.sql(
    'insert into quarantine (received, token, reason, message, raw) values (?, ?, ?, ?, ?)',
    noon,
    null,
    'json',
    'text is not JSON',
    '{'
  )
  return storage
}

const columnsOf = (storage: ReturnType<typeof openFirst>) =>
  storage
    .sql<{ name: string }>(`select name from sqlite_schema where type = 'table' order by name`)
    .map(({ name }) => [
      name,
      storage
        .sql<{ name: string }>(`pragma table_info(${name})`)
        .map((column) => column.name)
        .sort()
    ])

describe('a store of the first release', () => {
  it('gets every table and column that a new one has, also when it is done twice', () => {
    const storage = openFirst()
    migrate(storage, schema)
    const once = columnsOf(storage)
    expect(once).toEqual(columnsOf(openStorage()))
    migrate(storage, schema)
    expect(columnsOf(storage)).toEqual(once)
  })

  it('forgets hashes of lines that were made of other columns, once', async () => {
    const storage = openFirst()
    migrate(storage, schema)
    forgetState(storage, 'line_hashes')
    const around = { ...surroundings(noon).around, storage }
    writeState(storage, 'site', 'example')
    const line = (i: number) => ({ ...hit(i, noon), request_id: `id ${i}` })
    append(storage, batch([line(1)]))
    await flush(around, enrich)
    append(storage, batch([line(2)]))
    const sizes = () =>
      storage.sql<{ bytes: number }>(
        `select coalesce(sum(length(hashes)), 0) + (select coalesce(sum(length(lines)), 0) from log) as bytes from line_hash`
      )[0]!.bytes
    expect(sizes()).toBe(16)
    migrate(storage, schema)
    expect(sizes()).toBe(0)
    append(storage, batch([line(3)]))
    migrate(storage, schema)
    expect(sizes()).toBe(8)
  })

  it('keeps what it holds, and goes on', async () => {
    const storage = openFirst()
    migrate(storage, schema)
    writeState(storage, 'site', 'example')
    const around = { ...surroundings(noon).around, storage }
    expect(readQuarantine(storage, 9)).toMatchObject([{ raw: '{', is_cut: false }])
    append(storage, batch([hit(2, noon)]))
    await flush(around, enrich)
    expect(readStatus(storage, new Meter(), noon, 0)).toMatchObject({
      rows: 2,
      forwarders: [{ token: 't0000001', batches: 2, records: 2, lag: null, unkeyed: 1 }]
    })
    expect((await fsck(around, false)).findings).toEqual([])
  })
})
