import { keyOf, type Member } from '#lib/filter/member.ts'
import { textIn } from '#lib/filter/members.ts'
import { toCsv } from '#lib/format/csv.ts'
import { columns, type SqlType } from '#lib/schema/hit.ts'
import type { Exported } from './pages.ts'
import { logLine } from './rebuilt.ts'

type Pages = AsyncIterable<Exported[]>
type Bytes = Uint8Array<ArrayBuffer>

export interface ExportFormat {
  readonly name: string
  readonly title: string
  /** What one should know before choosing it. */
  readonly note: string
  readonly extension: string
  readonly type: string
  /** Keys of `extra` in `members` get a column each, where the format has columns that one can add. */
  readonly encode: (pages: Pages, members?: readonly Member[]) => AsyncIterable<Bytes>
}

const utf8 = new TextEncoder()

/** A format that is text: the text of a page. */
const texts = (textOf: (page: Exported[]) => string) =>
  async function* (pages: Pages): AsyncGenerator<Bytes> {
    for await (const page of pages) yield utf8.encode(textOf(page))
  }

const textOf = (value: unknown, type: SqlType): string | number | null => {
  if (value === null || value === undefined) return null
  if (type === 'TIMESTAMP') return new Date(value as number).toISOString()
  return typeof value === 'number' && type !== 'UBIGINT' ? value : String(value)
}
function csvRow(line: Exported, members: readonly Member[]) {
  const extra: unknown = members.length && line.extra !== null ? JSON.parse(line.extra) : null
  return [
    ...columns.map(({ name, type }) => textOf(line[name], type)),
    ...members.map((member) => textIn(extra, member))
  ]
}

async function* csvOf(pages: Pages, members: readonly Member[] = []): AsyncGenerator<Bytes> {
  const keys = members.map((member) => `extra.${keyOf(member)}`)
  yield utf8.encode(toCsv([[...columns.map(({ name }) => name), ...keys]]))
  for await (const page of pages) yield utf8.encode(toCsv(page.map((line) => csvRow(line, members))))
}

const jsonOf = (line: Exported) => {
  const entries = columns.flatMap(({ name, type }) => {
    const value = line[name] ?? null
    if (value === null) return []
    return [[name, type === 'BOOLEAN' ? value : textOf(value, type)] as const]
  })
  return JSON.stringify(Object.fromEntries(entries))
}

export const exportFormats: readonly [ExportFormat, ...ExportFormat[]] = [
  {
    name: 'log',
    title: 'Log lines',
    note: 'Rebuilt from the fields: requests in the combined format, error lines as nginx writes them. Other fields are left out.',
    extension: 'log',
    type: 'text/plain',
    encode: texts((page) => page.map((line) => `${logLine(line)}\n`).join(''))
  },
  {
    name: 'csv',
    title: 'CSV',
    note: 'All fields, and a column for each key that the list shows as a column. Text that a spreadsheet would run as a formula starts with an apostrophe.',
    extension: 'csv',
    type: 'text/csv',
    encode: csvOf
  },
  {
    name: 'ndjson',
    title: 'NDJSON',
    note: 'All known fields, one object per line.',
    extension: 'ndjson',
    type: 'application/x-ndjson',
    encode: texts((page) => page.map((line) => `${jsonOf(line)}\n`).join(''))
  },
  {
    name: 'parquet',
    title: 'Parquet',
    note: 'All fields. Loggia, DuckDB and other tools can open it.',
    extension: 'parquet',
    type: 'application/vnd.apache.parquet',
    encode: async function* (pages) {
      const { parquetOf } = await import('#lib/local/write-parquet.ts')
      yield* parquetOf(pages)
    }
  },
  {
    name: 'duckdb',
    title: 'DuckDB',
    note: 'All fields, in the table hits of a database for DuckDB 1.4 or newer. Keys without a column are JSON in extra.',
    extension: 'duckdb',
    type: 'application/octet-stream',
    encode: async function* (pages) {
      const { duckdbOf } = await import('./duckdb-file.ts')
      yield* duckdbOf(pages)
    }
  }
]

/** The name of a file with the lines of a site in a period of UTC. */
export function fileName(
  site: string,
  from: number,
  to: number,
  { extension }: ExportFormat,
  isGzip: boolean
) {
  const instant = (ms: number) => new Date(ms).toISOString().slice(0, 16).replaceAll(':', '')
  const name = site.replace(/[^\p{L}\p{N}._-]+/gu, '_')
  return `${name}-${instant(from)}-${instant(to)}.${extension}${isGzip ? '.gz' : ''}`
}
