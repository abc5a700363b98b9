/** What a gap is filled with: SQL of our own, or for a gap `{name(column)}` what makes SQL of the column. */
export type Filling = string | ((column: string) => string)

/** A template of SQL without its remark, its gaps filled with names and tests of our own. */
export function fill(template: string, fillings: Record<string, Filling>) {
  const text = template.replace(/^--.*\n/gm, '')
  return text.replace(/\{(\w+)(?:\((\w+)\))?\}/g, (gap, name: string, column = '') => {
    const filling = fillings[name] ?? gap
    return typeof filling === 'string' ? filling : filling(column)
  })
}
