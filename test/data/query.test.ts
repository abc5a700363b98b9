import { expect, it } from 'vitest'
import type { Connection } from '../../src/lib/data/connection.ts'
import type { Selection } from '../../src/lib/data/filter.ts'
import { Query } from '../../src/lib/data/query.ts'

const nothing = { columns: [], rows: [] }
const days = (to: number): Selection => ({ from: 0, to: to * 86_400_000, traffic: 'all', clauses: [] })

it('answers no question by the selection before the one it was asked under', async () => {
  const log: string[] = []
  const free = Promise.withResolvers<void>()
  const connection: Connection = {
    run: async (sql, values) => {
      if (sql.startsWith('SET VARIABLE now_to')) log.push(`select ${Number(values?.[0]) / 86_400_000}`)
      return nothing
    },
    ask: async (sql) => {
      log.push(sql)
      if (sql === 'slow') await free.promise
      return nothing
    },
    insert: async () => {},
    cancel: async () => free.resolve(),
    close: async () => {}
  }
  const query = new Query(connection)
  await query.select(days(1))
  const slow = query.ask('slow').catch((error: Error) => error.name)
  await expect.poll(() => log.at(-1)).toBe('slow')
  const selected = query.select(days(30))
  await query.ask('figures')
  await selected
  expect(await slow).toBe('Superseded')
  expect(log).toEqual(['select 1', 'slow', 'select 30', 'figures'])
})
