/** What a question may begin with; the engine's lock alone would let a memory be attached, or a table be dropped. */
const beginnings = new Set(['select', 'with', 'from', 'values'])
/** What a `WITH` may lead to besides an answer. */
const changes = /\b(?:insert|update|delete|merge)\s/i

/**
 * Texts, quoted names and comments, which may hold anything. As the engine reads them: a name may hold `$`, a line ends at
 * `\r`, too, and comments nest. Of nested ones only the innermost is found.
 */
export const opaque =
  /\be'(?:[^'\\]|\\[^]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(?<![\w$\u0080-\uffff])\$(\w*)\$[^]*?\$\1\$|--[^\n\r]*|\/\*(?:(?!\/\*)[^])*?\*\//gi

/** Throws unless `sql` is one statement that reads. */
export function checkStatement(sql: string): void {
  const bare = sql.replace(opaque, ' ').trim().replace(/;\s*$/, '')
  if (/\/\*|\*\//.test(bare)) throw new Error('comments cannot be nested, and each is closed')
  if (bare.includes(';')) throw new Error('only one statement can be asked at once')
  const first = /^[\s(]*(\w*)/.exec(bare)?.[1]?.toLowerCase() ?? ''
  if (!beginnings.has(first)) throw new Error(`a question begins with SELECT, not with ${first || 'this'}`)
  if (first === 'with' && changes.test(bare)) throw new Error('a question changes nothing')
}
