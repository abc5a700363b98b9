import { fill } from '#lib/engine/fill.ts'
import type { Cell } from '#lib/engine/connection.ts'
import { flatOf } from '#lib/star/star.ts'
import type { Period } from '#lib/time/period.ts'
import page from './export-page.sql?raw'
import type { Logged } from './rebuilt.ts'

/** A line with every column of a hit by its name. `time` is milliseconds since 1970, UTC. */
export type Exported = Logged & { seq: number } & Record<string, Cell>

const flat = flatOf('page AS hits')

/**
 * The lines of the selection in pages of `size`, oldest first, each line once; about `total` are expected. A page is
 * looked for in a window of time that grows and shrinks with what is found in it: no page reads all that is left.
 */
export async function* pagesOf(
  ask: (sql: string) => Promise<Exported[]>,
  { from, to }: Period,
  total: number,
  size = 20_000
): AsyncGenerator<Exported[]> {
  let [time, seq] = [Math.floor(from), -1]
  const end = Math.ceil(to)
  let width = Math.ceil((end - time) * Math.min(1, size / total))
  while (time < end) {
    const until = Math.min(end, time + width)
    const gaps = { time, seq, until, limit: size }
    const texts = Object.entries(gaps).map(([name, value]) => [name, String(value)])
    const rows = await ask(fill(page, { ...Object.fromEntries(texts), flat }))
    if (rows.length) yield rows
    const last = rows.at(-1)
    if (last && rows.length === size) {
      ;[time, seq] = [last.time, last.seq]
      width = Math.ceil(width / 2)
    } else {
      ;[time, seq] = [until, -1]
      if (rows.length < size / 4) width *= 2
    }
  }
}
