import { columns, type Column, type ColumnName, type SqlType } from '#lib/schema/hit.ts'

/**
 * The working copy stores hits as a star. Texts repeat, so `words` stores each text of a field once, and a hit refers to
 * it by a number; 0 means that the value is missing. Some columns repeat together: those that describe the client, and
 * those that describe where the visit came from. Each combination of them is one row of `clients` or `sources`.
 */
const tuples = {
  client: [
    'ip',
    'client_name',
    'country',
    'region',
    'city',
    'asn',
    'as_org',
    'user_agent',
    'browser',
    'browser_version',
    'os',
    'os_version',
    'device',
    'bot_name',
    'bot_purpose',
    'bot_proof'
  ],
  source: ['referrer', 'referrer_domain', 'referrer_kind']
} as const satisfies Record<string, readonly ColumnName[]>

/** A table of combinations: hits refer to `clients` by the column `client`, to `sources` by `source`. */
export type Shared = keyof typeof tuples
export const shared = Object.keys(tuples) as Shared[]
export const columnsOf = (name: Shared): readonly ColumnName[] => tuples[name]
export const tableOf = (name: Shared) => `${name}s`

/** Texts that hardly ever repeat: hits keep them as they are. */
const unshared: ReadonlySet<string> = new Set(['request_id', 'message', 'extra'])

/** Columns whose texts list several values, joined by ", ". */
const lists: ReadonlySet<string> = new Set<ColumnName>(['bot_purpose'])
export const isList = (name: string): boolean => lists.has(name)

const sharedIn = (name: ColumnName) => shared.find((tuple) => columnsOf(tuple).includes(name))
const listed = (name: ColumnName): Column => columns.find((column) => column.name === name)!

/** Whether the working copy stores the column as numbers of words. */
export const isWord = (name: ColumnName): boolean =>
  sharedIn(name) !== undefined || (listed(name).type === 'VARCHAR' && !unshared.has(name))

/** The number of a field in `words`. Routes are made of paths. */
export const fieldOf = (name: ColumnName | 'route'): number =>
  name === 'route' ? columns.length : columns.findIndex((column) => column.name === name)

export const wordFields: readonly number[] = [
  ...columns.filter(({ name }) => isWord(name)).map(({ name }) => fieldOf(name)),
  fieldOf('route')
]

type TableType = SqlType | 'INTEGER' | 'UTINYINT'

/** The columns of the table `hits`. */
export const hitColumns: readonly { name: string; type: TableType }[] = [
  ...columns
    .filter(({ name }) => name !== 'visitor' && !sharedIn(name))
    .map(({ name, type }) => ({ name, type: isWord(name) ? ('INTEGER' as const) : type })),
  ...['visitor', 'visit', ...shared].map((name) => ({ name, type: 'INTEGER' as const })),
  { name: 'is_request', type: 'BOOLEAN' },
  { name: 'is_page_view', type: 'BOOLEAN' },
  // The class of traffic that its visitor is judged to be of.
  { name: 'class', type: 'UTINYINT' }
]

/** A column outside of `hits`: `SELECT key, value FROM {from}`; `key` names the column of `hits` with the same number. */
export interface Lookup {
  key: string
  from: string
}

const wordsOf = (name: ColumnName) => `words AS word_of_${name}`
const isWordOf = (name: ColumnName, code: string) =>
  `word_of_${name}.field = ${fieldOf(name)} AND word_of_${name}.id = ${code}`

/** SQL for the value of a word, in the column's type. */
const valueOf = (name: ColumnName) => {
  const { type } = listed(name)
  return type === 'VARCHAR' ? `word_of_${name}.word` : `word_of_${name}.word::${type}`
}

/** Null if the table `hits` has the value itself. */
export function lookupOf(name: ColumnName): Lookup | null {
  const tuple = sharedIn(name)
  if (name === 'visitor')
    return { key: 'visitor', from: '(SELECT visitor AS key, hash AS value FROM visitors)' }
  if (tuple)
    return {
      key: tuple,
      from: `(SELECT ${tuple} AS key, ${valueOf(name)} AS value FROM ${tableOf(tuple)} JOIN ${wordsOf(name)} ON ${isWordOf(name, name)})`
    }
  if (!isWord(name)) return null
  return { key: name, from: namesOf(name) }
}

/** How to group hits by a column: append `join` to their FROM clause, then group by `code`. */
export interface Code {
  join: string
  code: string
  /** `SELECT key, value FROM {names}` gives the value of each code. Null if the code is the value. */
  names: string | null
  /** The codes are texts. */
  isText?: true
  /** SQL: true for one of the rows that a hit has, where it has several. */
  isFirst?: string
}

/**
 * The engine builds a hash table of the side of a join that it expects to be smaller. It expects a filter to leave a few
 * hits, and would build it of a million. Two tests that every row passes make it expect still fewer rows of the table.
 * Under a filter that most hits pass, a panel takes half as long.
 */
const joinOf = (tuple: Shared) =>
  `JOIN (FROM ${tableOf(tuple)} WHERE ${tuple} > 0 AND ${tuple} % 1 = 0) AS ${tableOf(tuple)} USING (${tuple})`

export function codeOf(name: ColumnName): Code {
  const tuple = sharedIn(name)
  if (name === 'visitor') return { join: '', code: 'visitor', names: lookupOf(name)!.from }
  if (isList(name)) return itemOf(name)
  return {
    join: tuple ? joinOf(tuple) : '',
    code: `"${name}"`,
    names: isWord(name) ? namesOf(name) : null
  }
}

/** A hit counts once for each value of the list. */
function itemOf(name: ColumnName): Code {
  const tuple = sharedIn(name)!
  const items = `SELECT key, value, unnest(coalesce(string_split(value, ', '), [NULL])) AS item FROM ${namesOf(name)}`
  return {
    join: `${joinOf(tuple)} JOIN (${items}) AS items ON items.key = ${tableOf(tuple)}."${name}"`,
    code: 'items.item',
    names: null,
    isText: true,
    isFirst: `(items.value IS NULL OR starts_with(items.value || ', ', items.item || ', '))`
  }
}

/** `SELECT key, value FROM {this}` gives the texts of a field by their numbers. */
export const namesOf = (name: ColumnName | 'route'): string => {
  const type = name === 'route' ? 'VARCHAR' : listed(name).type
  return `(SELECT id AS key, word${type === 'VARCHAR' ? '' : `::${type}`} AS value FROM words WHERE field = ${fieldOf(name)})`
}

/** Selects rows of `hits`, or of what stands behind FROM in its place, with every column of the schema. */
export const flatOf = (hits: string): string =>
  [
    'SELECT',
    columns
      .map(({ name }) => {
        if (name === 'visitor') return '  visitors.hash AS visitor'
        return isWord(name) ? `  ${valueOf(name)} AS "${name}"` : `  hits."${name}"`
      })
      .join(',\n'),
    `FROM ${hits}`,
    'JOIN visitors USING (visitor)',
    ...shared.map((tuple) => `JOIN ${tableOf(tuple)} USING (${tuple})`),
    ...columns
      .filter(({ name }) => isWord(name))
      .map(({ name }) => {
        const tuple = sharedIn(name)
        return `JOIN ${wordsOf(name)} ON ${isWordOf(name, `${tuple ? tableOf(tuple) : 'hits'}."${name}"`)}`
      })
  ].join('\n')

export const flatSql: string = flatOf('hits')

/** Selects the field and the number of every word in use. */
export const usedWordsSql: string = [
  ...columns
    .filter(({ name }) => isWord(name))
    .map(({ name }) => {
      const tuple = sharedIn(name)
      return `  SELECT DISTINCT ${fieldOf(name)}, "${name}" FROM ${tuple ? tableOf(tuple) : 'hits'}`
    }),
  `  SELECT DISTINCT ${fieldOf('route')}, route FROM routes`
].join('\n  UNION ALL\n')
