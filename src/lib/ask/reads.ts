import { opaque } from '#lib/engine/statement.ts'

/** What a statement reads, told by its text alone. */
export interface Reads {
  /** Every word in it, in lower case: no column that it names is missing. */
  readonly names: ReadonlySet<string>
  readonly relations: ReadonlySet<string>
  /** It may read columns that it does not name. */
  readonly isWhole: boolean
  /** It calls `selected(own, period)` or `logged(own, period)`, as panels do. */
  readonly isPanels: boolean
}

/** After a relation, these words are no alias of it. */
const keywords = new Set(
  `where group order limit offset having qualify window union intersect except join left right full inner outer cross
  semi anti asof natural positional on using select from as tablesample sample and or set values with`.split(
    /\s+/
  )
)

/** Words that read every column there is. */
const whole = /\b(?:columns\s*\(|(?:pivot|unpivot|natural|describe|summarize|positional|table)\b)|#\d/
const star = /(?:\bselect|\bdistinct|\ball|[,.(])\s*\*/

/** Tells which relations and which columns of them a statement reads. In doubt it reads all columns. */
export function readsOf(sql: string, relations: readonly { readonly name: string }[]): Reads {
  const bare = sql.replace(opaque, (text) => (text.startsWith('"') ? text.slice(1, -1) : ' ')).toLowerCase()
  const tokens = bare.match(/[\p{L}_][\p{L}\p{N}_]*|\S/gu) ?? []
  const isRelation = (token: string) => relations.some(({ name }) => name === token)
  const aliases = new Set<string>()
  const named = new Set<string>()
  let isWhole = whole.test(bare) || star.test(bare.replace(/\bcount\s*\(\s*\*\s*\)/g, 'count()'))
  for (const [i, token] of tokens.entries()) {
    if (!isRelation(token) || tokens[i + 1] === '(') continue
    named.add(token)
    const alias = tokens[i + 1] === 'as' ? tokens[i + 2]! : tokens[i + 1]!
    if (/^[\p{L}_]/u.test(alias ?? '') && !keywords.has(alias)) aliases.add(alias)
    else aliases.add(token)
  }
  const declared = (i: number) => {
    const before = tokens[i - 1] ?? ''
    return isRelation(before) || (before === 'as' && isRelation(tokens[i - 2] ?? ''))
  }
  // A relation where a column could be stands for the whole row.
  isWhole ||= tokens.some((token, i) => {
    if (tokens[i + 1] === '.' || tokens[i + 1] === '(') return false
    if (isRelation(token)) return !['from', 'join', ',', '.'].includes(tokens[i - 1] ?? '')
    return aliases.has(token) && !declared(i)
  })
  const count = (word: string) => tokens.filter((token) => token === word).length
  isWhole ||= count('from') > count('select')
  return {
    names: new Set(tokens),
    relations: named,
    isWhole,
    isPanels: /\b(?:selected|logged)\s*\(/.test(bare)
  }
}
