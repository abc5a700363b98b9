import { relations, withRelations, type Relation, type RelationColumn } from '#lib/ask/relations.ts'
import { readsOf } from '#lib/ask/reads.ts'
import { opaque } from '#lib/engine/statement.ts'
import { functions, keywords } from './words.ts'

export interface Proposal {
  readonly label: string
  readonly kind: 'column' | 'relation' | 'function' | 'keyword'
  readonly detail: string
}

/** What is being written before the cursor. */
export type Writing =
  | {
      readonly at: 'value'
      readonly from: number
      readonly column: string
      readonly relation: string
      readonly begin: string
    }
  | { readonly at: 'name'; readonly from: number; readonly proposals: readonly Proposal[] }

const isRelation = (name: string) => relations.some((one) => one.name === name.toLowerCase())

const named = (sql: string) => readsOf(sql, relations).relations

/** The columns of the relations that a statement names, or of all. */
function columnsIn(sql: string): RelationColumn[] {
  const read = named(sql)
  const some = relations.filter(({ name }) => (read.size ? read.has(name) : name === 'selected'))
  const found = new Map<string, RelationColumn>()
  for (const column of some.flatMap(({ columns }) => columns)) found.set(column.name, column)
  return [...found.values()]
}

const ofColumn = ({ name, type }: RelationColumn): Proposal => ({
  label: name,
  kind: 'column',
  detail: type.toLowerCase()
})
const ofRelation = ({ name, note }: Relation): Proposal => ({ label: name, kind: 'relation', detail: note })

const all: readonly Proposal[] = [
  ...functions.map((label) => ({ label, kind: 'function', detail: '' }) as const),
  ...keywords.map((label) => ({ label, kind: 'keyword', detail: '' }) as const)
]

/** A column, a comparison, and a text that is not closed: `path = '/do`, `status IN ('4`. */
const comparison =
  /([a-z_]\w*)"?\s*(?:=|<>|!=|(?:not\s+)?(?:i?like)\b|(?:not\s+)?in\s*\((?:\s*'[^']*'\s*,)*)\s*'([^']*)$/i

/** The relation that an alias stands for: `hits AS h`. */
function relationOf(alias: string, sql: string): Relation | undefined {
  const found = [...sql.matchAll(/\b(?:from|join)\s+(\w+)(?:\s+(?:as\s+)?(\w+))?/gi)].find(
    ([, name, as]) => isRelation(name!) && (as ?? name)!.toLowerCase() === alias.toLowerCase()
  )
  const name = (found?.[1] ?? alias).toLowerCase()
  return relations.find((one) => one.name === name)
}

/** Tells what is being written at a place of a statement; null in remarks, and where nothing is begun. */
export function writingAt(sql: string, at: number, isAsked: boolean): Writing | null {
  const before = sql.slice(0, at)
  const value = comparison.exec(before)
  const bare = before.replace(opaque, (text) => ' '.repeat(text.length))
  const isInText = (bare.match(/'/g)?.length ?? 0) % 2 === 1
  if (isInText) {
    const column = value && columnsIn(sql).find(({ name }) => name === value[1]!.toLowerCase())
    if (!column) return null
    const [relation = 'selected'] = relations
      .filter(({ name, columns }) => named(sql).has(name) && columns.some((one) => one.name === column.name))
      .map(({ name }) => name)
    return { at: 'value', from: at - value[2]!.length, column: column.name, relation, begin: value[2]! }
  }
  if (
    /--[^\n]*$/.test(bare) ||
    /--[^\n]*$/.test(
      before
        .split('\n')
        .at(-1)!
        .replace(/'[^']*'/g, '')
    )
  )
    return null
  const word = /[\p{L}_][\p{L}\p{N}_]*$/u.exec(before)?.[0] ?? ''
  const from = at - word.length
  const alias = /([a-z_]\w*)\.$/i.exec(before.slice(0, from))?.[1]
  if (alias) {
    const relation = relationOf(alias, sql)
    return relation ? { at: 'name', from, proposals: relation.columns.map(ofColumn) } : null
  }
  if (!word && !isAsked) return null
  if (/\b(?:from|join)\s+$/i.test(bare.slice(0, from)))
    return { at: 'name', from, proposals: relations.map(ofRelation) }
  return {
    at: 'name',
    from,
    proposals: [...columnsIn(sql).map(ofColumn), ...relations.map(ofRelation), ...all]
  }
}

/** Counts the values of a column of a list of ours. */
export function valuesSql(column: string, relation: string): string {
  const sql = `SELECT CAST("${column}" AS VARCHAR) AS value, count(*)::DOUBLE AS rows FROM ${relation} WHERE "${column}" IS NOT NULL GROUP BY ALL ORDER BY 2 DESC, 1 LIMIT 100`
  return withRelations(sql) + sql
}
