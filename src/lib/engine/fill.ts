/** A template of SQL without its remark, its gaps filled with names and tests of our own. */
export function fill(template: string, gaps: Record<string, string>) {
  const text = template.replace(/^--.*\n/gm, '')
  return text.replace(/\{(\w+)\}/g, (gap, name: string) => gaps[name] ?? gap)
}
