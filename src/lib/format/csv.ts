type Cell = string | number | null

/** What a spreadsheet would run as a formula, full-width signs too; a negative number is none. */
const formula = /^(?!-\d+(?:\.\d+)?$)[=+\-@\t\r\0＝＋－＠]/

/** RFC 4180; texts that would be formulas are told apart by an apostrophe, numbers are as they are. */
export const toCsv = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => row.map(write).join(',')).join('\r\n') + '\r\n'

function write(cell: Cell): string {
  if (cell === null) return ''
  // The sixteenth digit is what reckoning has left over.
  if (typeof cell === 'number') return String(Number.isInteger(cell) ? cell : Number(cell.toPrecision(15)))
  const text = formula.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
