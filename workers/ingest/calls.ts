import type { LogRow } from '../store/log-row.ts'
import type { Batch } from '../store/log.ts'

/** A call to an object may have 32 MiB. */
const mostBytes = 8 << 20

/** A batch as calls of at most so many bytes of rows. */
export function callsOf(batch: Batch, most = mostBytes): Batch[] {
  const calls: LogRow[][] = [[]]
  let bytes = 0
  for (const row of batch.rows) {
    const own = row.hits.length + (row.lines?.byteLength ?? 0)
    if (bytes > 0 && bytes + own > most) {
      calls.push([])
      bytes = 0
    }
    calls.at(-1)!.push(row)
    bytes += own
  }
  if (calls.length === 1) return [batch]
  let from = 0
  return calls.map((rows, i) => {
    const to = rows.reduce((sum, row) => sum + row.rows, from)
    const isLast = i === calls.length - 1
    const keys =
      batch.key === null ? {} : { key: `${batch.key} ${from}-${to}`, whole: { key: batch.key, isLast } }
    from = to
    return { ...batch, ...keys, rows, ...(!isLast && { refusals: [], more: {} }) }
  })
}
