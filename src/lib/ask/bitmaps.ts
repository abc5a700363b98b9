import { hitsOfVisits } from './visit-fields.ts'

// A filter tests each word, client, source or visit once and keeps the result as one bit for each number.

/** A test of a row of `hits`, and the statements that find what it looks up. */
export interface Tested {
  sql: string
  lookups: readonly string[]
}

/** Sets the greatest number in use of words, clients, sources and visitors. */
export const mostSql = `SET VARIABLE most_numbers = (
  SELECT greatest(
    (SELECT max(id) FROM words),
    (SELECT max(visitor) FROM visitors),
    (SELECT max(client) FROM clients),
    (SELECT max(source) FROM sources)
  )
)`

/** Sets the greatest number of a visit. */
const mostVisitsSql = 'SET VARIABLE most_visits = (SELECT coalesce(max(visit), 0) FROM hits)'

/** Keeps the visits with a hit that passes. If the clause excludes, `test` is its opposite, and they are left out. */
export const ofVisits = (name: string, test: string, includes: boolean) =>
  testVisits(`${name}_visits`, `(SELECT *, visit AS key FROM ${hitsOfVisits})`, test, includes)

/** Keeps the visits that are found, or those that are not. */
export const testVisits = (name: string, from: string, test: string, keeps: boolean): Tested => ({
  sql: keeps ? passes(name, 'visit') : fails(name, 'visit'),
  lookups: [mostVisitsSql, findSql(name, from, test, 'most_visits')]
})

/** Sets a bitmap of the keys that pass. Keys above `most` were added later and have no bit. */
export const findSql = (
  name: string,
  from: string,
  test: string,
  most = 'most_numbers'
) => `SET VARIABLE ${name} = (
  SELECT {
    bits: bitstring_agg(key, 0, getvariable('${most}')),
    least: min(key),
    most: max(key)
  }
  FROM ${from}
  WHERE key <= getvariable('${most}') AND (${test})
)`

/** Whether a key has its bit set. The range check keeps the engine from reading a bit that doesn't exist. */
export const passes = (name: string, key: string) =>
  `(${key} ${isWithin(name)} AND get_bit(getvariable('${name}').bits, ${key}) = 1)`

/** The opposite of `passes`. NOT would make the engine read bits that don't exist. */
export const fails = (name: string, key: string) =>
  `CASE WHEN ${key} ${isWithin(name)} THEN get_bit(getvariable('${name}').bits, ${key}) = 0 ELSE true END`

const isWithin = (name: string) => `BETWEEN getvariable('${name}').least AND getvariable('${name}').most`
