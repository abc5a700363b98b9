import { readFileSync, readdirSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { Query } from '../../src/lib/ask/query.ts'
import { checkStatement } from '../../src/lib/engine/statement.ts'
import { openWasm } from './node-engine.ts'

const panels = new URL('../../src/lib/panels/', import.meta.url)
const scripts = readdirSync(panels).filter((name) => name.endsWith('.sql'))

describe('a question', () => {
  let query: Query
  beforeAll(async () => {
    query = new Query(await openWasm())
  })

  it.each([
    `ATTACH ':memory:' AS other`,
    `attach ':memory:'`,
    `/* SELECT */ ATTACH ':memory:'`,
    `SELECT 1; SELECT 2`,
    `SELECT 1; DROP TABLE hits`,
    `SELECT ';'; DROP TABLE hits`,
    `SELECT $$;$$; DROP TABLE hits`,
    `SELECT E'\\'' ; DROP TABLE hits --'`,
    `SELECT 1 /* /* */ ; DROP TABLE hits */`,
    // Each is one statement only for who reads names, comments and ends of lines in another way than the engine.
    `SELECT 1 AS a$x$; DROP TABLE hits; SELECT 2 AS a$x$`,
    `SELECT 1 AS é$$; DROP TABLE hits; SELECT 2 AS é$$`,
    `SELECT 1 /* /* */ '*/; DROP TABLE hits; SELECT 2 /* ' */`,
    `SELECT 1 --\r; DROP TABLE hits`,
    `CREATE TABLE other AS SELECT 1`,
    `DROP TABLE hits`,
    `INSERT INTO hits SELECT 1`,
    `WITH one AS (SELECT 1) INSERT INTO hits SELECT * FROM one`,
    `WITH one AS (SELECT 1) DELETE FROM hits`,
    `SET memory_limit = '1GB'`,
    `SET VARIABLE x = 1`,
    `PRAGMA database_list`,
    `COPY (SELECT 1) TO 'x'`,
    `INSTALL httpfs`,
    `LOAD httpfs`,
    `USE memory`,
    `CALL pragma_version()`,
    `EXPLAIN ANALYZE DROP TABLE hits`,
    ``,
    `;`
  ])('is not %j', async (sql) => {
    await expect(query.ask(sql)).rejects.toThrow(/begins with SELECT|one statement|changes nothing|nested/)
  })

  it.each([
    [`SELECT 1 AS n`, 1],
    [`  (SELECT 1 AS n) ;`, 1],
    [`-- a; b\nWITH one AS (SELECT 'insert into; x' AS said) SELECT length(said) AS n FROM one`, 14],
    [`SELECT 1 AS n /* ; */`, 1],
    [`SELECT 1 AS n /* a * b / c **/`, 1],
    [`SELECT length($a$;$a$||$$;$$) AS n`, 2],
    [`SELECT c$d AS n FROM (SELECT 1 AS a$b, 2 AS c$d) -- ; it's\r\n`, 2],
    [`FROM (VALUES (3)) AS t(n)`, 3],
    [`SELECT "a;b" AS n FROM (SELECT 4 AS "a;b")`, 4]
  ])('is %j', async (sql, n) => expect(await query.ask(sql)).toEqual([{ n }]))

  it.each(scripts)('is %s', (name) => {
    expect(() => checkStatement(readFileSync(new URL(name, panels), 'utf8'))).not.toThrow()
  })
})
