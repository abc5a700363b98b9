import { expect, it } from 'vitest'
import type { Connection } from '../../src/lib/engine/connection.ts'
import type { Selection } from '../../src/lib/filter/filter.ts'
import { Query } from '../../src/lib/ask/query.ts'

const nothing = { columns: [], rows: [] }
const days = (to: number): Selection => ({ from: 0, to: to * 86_400_000, traffic: 'all', clauses: [] })

it('answers no question by the selection before the one it was asked under', async () => {
  const log: string[] = []
  const free = Promise.withResolvers<void>()
  const connection: Connection = {
    run: async (sql) => {
      const to = /^SET VARIABLE now_to = epoch_ms\((\d+)\)/m.exec(sql)?.[1]
      if (to) log.push(`select ${Number(to) / 86_400_000}`)
      return nothing
    },
    ask: async (sql) => {
      log.push(sql)
      if (sql === 'SELECT slow') await free.promise
      return nothing
    },
    insert: async () => {},
    cancel: async () => free.resolve(),
    close: async () => {}
  }
  const query = new Query(connection)
  await query.select(days(1))
  const slow = query.ask('SELECT slow').catch((error: Error) => error.name)
  await expect.poll(() => log.at(-1)).toBe('SELECT slow')
  const selected = query.select(days(30))
  await query.ask('SELECT figures')
  await selected
  expect(await slow).toBe('Superseded')
  expect(log).toEqual(['select 1', 'SELECT slow', 'select 30', 'SELECT figures'])
})

it('keeps one question waiting in the engine where they are short, and tells it only what is new', async () => {
  const log: string[] = []
  const answers: (() => void)[] = []
  const connection: Connection = {
    run: async (sql) => {
      log.push(...sql.split(';\n'))
      if (sql.startsWith('SELECT')) await new Promise<void>((resolve) => answers.push(resolve))
      return nothing
    },
    ask: () => Promise.reject(new Error('not stoppable')),
    insert: async () => {},
    cancel: () => Promise.reject(new Error('not stoppable')),
    close: async () => {}
  }
  const query = new Query(connection)
  query.hits = 1_000
  await query.select(days(1))
  log.length = 0
  const asked = ['SELECT q1', 'SELECT q2', 'SELECT q3'].map((sql) =>
    query.ask(sql).catch((error: Error) => error.name)
  )
  await expect.poll(() => log).toEqual(['SELECT q1', 'SELECT q2'])
  answers.shift()!()
  await expect.poll(() => log).toEqual(['SELECT q1', 'SELECT q2', 'SELECT q3'])
  const selected = query.select(days(2))
  for (const answer of answers.splice(0)) answer()
  await selected
  expect(await Promise.all(asked)).toEqual([[], 'Superseded', 'Superseded'])
  expect(log.slice(3)).toEqual([
    'SET VARIABLE whole_to = epoch_ms(172800000)',
    'SET VARIABLE now_to = epoch_ms(172800000)',
    'SET VARIABLE chart_to = epoch_ms(172800000)',
    'SET VARIABLE now_slot_width = 7200000'
  ])
})

it('tells the engine nothing while a question is asked that can be stopped', async () => {
  const log: string[] = []
  const answered = Promise.withResolvers<void>()
  const connection: Connection = {
    run: async (sql) => (log.push(sql), nothing),
    ask: async (sql) => {
      log.push(sql)
      await answered.promise
      log.push('answered')
      return nothing
    },
    insert: async () => {},
    cancel: async () => {},
    close: async () => {}
  }
  const query = new Query(connection)
  const asked = query.ask('SELECT slow')
  await expect.poll(() => log).toEqual(['SELECT slow'])
  const told = query.set({ top_search: 'x' })
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(log).toEqual(['SELECT slow'])
  answered.resolve()
  await told
  await asked
  expect(log).toEqual(['SELECT slow', 'answered', 'SET VARIABLE top_search = ?'])
})

it('keeps answers about the newest data only', async () => {
  const log: string[] = []
  const ask = async (sql: string) => (log.push(sql), nothing)
  const query = new Query({
    run: ask,
    ask,
    insert: async () => {},
    cancel: async () => {},
    close: async () => {}
  })
  query.hits = 1_000
  const askFirst = async () => (await query.ask('SELECT 1'), await query.ask('SELECT 1'), log.splice(0))
  expect(await askFirst()).toEqual(['SELECT 1'])
  query.version = 2
  expect(await askFirst()).toEqual(['SELECT 1'])
  // No version comes back: this only shows that its answers are gone.
  query.version = 0
  expect(await askFirst()).toEqual(['SELECT 1'])
})

it('puts the hits of a filter aside where they are few, once for all questions', async () => {
  const log: string[] = []
  let few = true
  const connection: Connection = {
    run: async (sql) => {
      const known = /FROM (?:hits|chosen)|CREATE OR REPLACE TEMP TABLE chosen|count\(\*\) <= \d+|SELECT q\d/
      for (const statement of sql.split(';\n'))
        if (!/^(SET VARIABLE|CREATE.* MACRO (?!selected))/m.test(statement))
          log.push(known.exec(statement)?.[0] ?? statement)
      return sql.startsWith('SELECT count') ? { columns: [], rows: [[few]] } : nothing
    },
    ask: () => Promise.reject(new Error('not stoppable')),
    insert: async () => {},
    cancel: async () => {},
    close: async () => {}
  }
  const query = new Query(connection)
  query.hits = 1_000
  const only = (path: string): Selection => ({
    ...days(1),
    clauses: [{ field: 'path', operator: 'is', values: [path] }]
  })
  const take = () => log.splice(0)
  await query.select(only('/a'))
  await query.ask('SELECT q1')
  await query.ask('SELECT q2')
  const aside = ['count(*) <= 250', 'CREATE OR REPLACE TEMP TABLE chosen', 'FROM chosen']
  expect(take()).toEqual(['FROM hits', ...aside, 'SELECT q1', 'SELECT q2'])
  query.version++
  await query.ask('SELECT q1')
  expect(take()).toEqual(['FROM hits', ...aside, 'SELECT q1'])
  few = false
  await query.select(only('/b'))
  await query.ask('SELECT q1')
  expect(take()).toEqual(['FROM hits', 'count(*) <= 250', 'SELECT q1'])
  await query.select(days(1))
  await query.ask('SELECT q1')
  expect(take()).toEqual(['FROM hits', 'SELECT q1'])
  query.putsAside = false
  await query.select(only('/c'))
  await query.ask('SELECT q1')
  expect(take()).toEqual(['FROM hits', 'SELECT q1'])
})

it.each([
  ['is stopped by a newer selection', true],
  ['finds no room', false]
])('no question fails when putting aside %s', async (_, isNewer) => {
  const log: string[] = []
  const counted = Promise.withResolvers<typeof nothing>()
  const connection: Connection = {
    run: async () => nothing,
    ask: async (sql) => {
      if (/^SELECT count/.test(sql)) return counted.promise
      log.push(sql)
      return nothing
    },
    insert: async () => {},
    cancel: async () => counted.reject(new Error('query was cancelled')),
    close: async () => {}
  }
  const query = new Query(connection)
  await query.select({ ...days(1), clauses: [{ field: 'path', operator: 'is', values: ['/a'] }] })
  const asked = query.ask('SELECT q1').catch((error: Error) => error.name)
  await new Promise((resolve) => setTimeout(resolve, 20))
  if (isNewer) await query.select(days(1))
  else counted.reject(new Error('out of memory'))
  expect(await asked).toEqual(isNewer ? 'Superseded' : [])
  expect(log).toEqual(isNewer ? [] : ['SELECT q1'])
})
