import { fill } from '#lib/engine/fill.ts'
import { columns } from '#lib/schema/hit.ts'
import { flatOf } from '#lib/star/flat.ts'
import { namesOf } from '#lib/star/star.ts'
import { classes } from '#lib/verdict/classes.ts'
import { readsOf } from './reads.ts'
import visitRows from './visit-rows.sql?raw'

export interface RelationColumn {
  readonly name: string
  readonly type: string
}

/** What SQL of the owner can stand on: a name, and how to select its rows. */
export interface Relation {
  readonly name: string
  readonly note: string
  readonly columns: readonly RelationColumn[]
  /** SQL that gives at least the columns in `names`. Null if the engine knows the name by itself. */
  readonly sql: ((names: ReadonlySet<string>) => string) | null
}

const classNames = `[${classes.map(({ name }) => `'${name}'`).join(', ')}]`
const extras = ['nullif(hits.visit, 0) AS visit', `${classNames}[hits.class + 1] AS class`]

const hitColumns: readonly RelationColumn[] = [
  ...columns.map(({ name, type }) => ({ name, type })),
  { name: 'visit', type: 'INTEGER' },
  { name: 'class', type: 'VARCHAR' }
]

const listed = (type: string, ...names: string[]): RelationColumn[] => names.map((name) => ({ name, type }))

const visitFields = [
  'path',
  'referrer_domain',
  'referrer_kind',
  'ip',
  'country',
  'device',
  'browser',
  'os'
] as const
const visits = fill(visitRows, {
  classes: classNames,
  ...Object.fromEntries(visitFields.map((name) => [name, namesOf(name)]))
})

/**
 * The relations of the SQL page. `selected` comes first: it must not see the `hits` of this list, since the requests that
 * pass the filter are read of the star's own table of that name.
 */
export const relations: readonly Relation[] = [
  {
    name: 'selected',
    note: 'Requests of the current period and filter',
    columns: hitColumns,
    sql: (names) => flatOf(`selected('', 'now')`, names, extras)
  },
  {
    name: 'hits',
    note: 'All requests and errors on this device',
    columns: hitColumns,
    sql: (names) => flatOf('main.hits', names, extras)
  },
  {
    name: 'visits',
    note: 'One row for each visit on this device',
    columns: [
      ...listed('INTEGER', 'visit'),
      ...listed('UBIGINT', 'visitor'),
      ...listed('TIMESTAMP', 'begin_time', 'end_time'),
      ...listed('DOUBLE', 'duration'),
      ...listed('BIGINT', 'requests', 'pages'),
      ...listed(
        'VARCHAR',
        'entry_page',
        'exit_page',
        'source',
        'source_kind',
        'ip',
        'country',
        'device',
        'browser'
      ),
      ...listed('VARCHAR', 'os', 'class')
    ],
    sql: () => visits
  },
  {
    name: 'golkepar_visits',
    note: 'Page visits as Golkepar names them',
    columns: [
      ...listed('VARCHAR', 'user_key', 'ip', 'host', 'user'),
      ...listed('SMALLINT', 'status'),
      ...listed('VARCHAR', 'method', 'path'),
      ...listed('TIMESTAMP', 'datetime'),
      ...listed('VARCHAR', 'query', 'protocol', 'user_agent'),
      ...listed('BIGINT', 'length'),
      ...listed('VARCHAR', 'referer'),
      ...listed('BOOLEAN', 'is_asset'),
      ...listed('VARCHAR', 'country', 'city', 'asn'),
      ...listed('BOOLEAN', 'is_mobile'),
      ...listed(
        'VARCHAR',
        'ip_browser_status',
        'is_bot_status',
        'ip_admin_status',
        'ip_reputation_status',
        'agent'
      ),
      ...listed('VARCHAR', 'referer_domain')
    ],
    sql: null
  },
  {
    name: 'flat',
    note: 'Another name for hits',
    columns: hitColumns,
    sql: (names) => flatOf('main.hits', names, extras)
  }
]

/**
 * The relations that a statement names, as a `WITH` clause of one line with a blank at its end; empty if there are none.
 *
 * A statement that calls `selected(own, period)` or `logged(own, period)` is a panel's: it reads the star's tables under their own names.
 */
export function withRelations(sql: string): string {
  const reads = readsOf(sql, relations)
  if (reads.isPanels) return ''
  const named = relations.filter(({ name, sql }) => sql && reads.relations.has(name))
  const parts = named.map(({ name, columns, sql }) => {
    const names = reads.isWhole ? new Set(columns.map(({ name }) => name)) : reads.names
    return `${name} AS NOT MATERIALIZED (${sql!(names).replaceAll('\n', ' ')})`
  })
  return parts.length ? `WITH ${parts.join(', ')} ` : ''
}
