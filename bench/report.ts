/** What a benchmark says: a ratio against a peer in the same run comes first, absolute figures only explain it. */
export interface Section {
  title: string
  /** What was done, in a sentence or two. */
  how: string
  columns: string[]
  rows: (string | number)[][]
}

export function toMarkdown({ title, how, columns, rows }: Section): string {
  const line = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`
  return [
    `## ${title}`,
    '',
    how,
    '',
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map(line),
    ''
  ].join('\n')
}

/** Two or three significant digits. */
export function short(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2
}

/** The value that a share of all, from 0 to 1, does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(Math.ceil(sorted.length * share) - 1, 0)]!
}
