import type { Operator } from './filter.ts'

/** SQL that tests a column; a value is SQL, too. */
export type Test = (column: string, values: readonly string[]) => string

const any = (tests: readonly string[]) => `(${tests.join(' OR ')})`
const all = (tests: readonly string[]) => `(${tests.join(' AND ')})`
const isNull = (value: string) => value === 'NULL'

/** `IN` over constants reaches the zone maps, a chain of IS NOT DISTINCT FROM does not. */
const isAnyOf: Test = (column, values) => {
  const present = values.filter((value) => !isNull(value))
  const tests = present.length ? [`${column} IN (${present.join(', ')})`] : []
  return any(values.some(isNull) ? [...tests, `${column} IS NULL`] : tests)
}

const lists = (column: string) => (value: string) =>
  isNull(value)
    ? `${column} IS NULL`
    : `coalesce(list_contains(string_split(${column}, ', '), ${value}), false)`

// A network's variable is the list [prefix, from, to]: the prefix is a cheap test that spares most of the others.
const isWithin: Test = (column, networks) =>
  any(
    networks.map(
      (net) =>
        `CASE WHEN starts_with(${column}, ${net}[1]) THEN wide_address(${column}) BETWEEN ${net}[2] AND ${net}[3] ELSE false END`
    )
  )

const compared =
  (sign: string): Test =>
  (column, values) =>
    any(values.map((value) => `${column} ${sign} ${value}`))

export const operatorSql: Record<Operator, Test> = {
  is: isAnyOf,
  not: (column, values) => all(values.map((value) => `${column} IS DISTINCT FROM ${value}`)),
  has: (column, values) => any(values.map((value) => `contains(lower(${column}), lower(${value}))`)),
  hasnt: (column, values) =>
    all(values.map((value) => `NOT coalesce(contains(lower(${column}), lower(${value})), false)`)),
  re: (column, values) => any(values.map((value) => `regexp_matches(${column}, ${value})`)),
  nre: (column, values) =>
    all(values.map((value) => `NOT coalesce(regexp_matches(${column}, ${value}), false)`)),
  gt: compared('>'),
  lt: compared('<'),
  ge: compared('>='),
  le: compared('<='),
  cidr: isWithin,
  ncidr: (column, networks) => `NOT ${isWithin(column, networks)}`,
  set: (column) => `${column} IS NOT NULL`,
  unset: (column) => `${column} IS NULL`
}

/** The same of a column that lists several values. */
export const operatorSqlOfList: Partial<Record<Operator, Test>> = {
  is: (column, values) => any(values.map(lists(column))),
  not: (column, values) => all(values.map(lists(column)).map((test) => `NOT ${test}`))
}
