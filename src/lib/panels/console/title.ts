/** The name of a statement: its first remark, or how it begins. */
export function titleOf(sql: string): string {
  const remark = /^\s*--[ \t]*(\S[^\n]*)/.exec(sql)?.[1]
  const begin = sql.replace(/\s+/g, ' ').trim()
  return (remark ?? begin).trim().slice(0, 80) || 'Empty query'
}
