import { accept } from '#lib/accept/accept.ts'
import { createEnricher } from '#lib/enrich/enrich.ts'
import { Store } from '#lib/device/store.ts'
import type { Connection } from '#lib/engine/connection.ts'
import { Parts, type Made } from '#lib/local/parts.ts'
import { openPart } from '#lib/parquet/part.ts'
import { mergeGroups } from '#lib/star/merge.ts'
import { openNative } from '../engine/native.ts'

const received = Date.parse('2026-11-30T00:00:00Z')
const salt = (day: string) => new TextEncoder().encode(day.padEnd(32, '.'))

/** A working copy with the hits of logs. The column `token` holds the name of each log. */
export async function filled(
  logs: Iterable<{ name: string; lines: readonly string[] }>
): Promise<Connection> {
  const connection = await openNative()
  const store = new Store(connection)
  await store.open('test')
  const enrich = createEnricher({ site: 'demo', country: null, network: null, salt })
  const parts = new Parts(received)
  const load = async (made: AsyncIterable<Made>) => {
    for await (const { part, bytes } of made) {
      const { groups, rows, read } = await openPart(bytes, part.sha256)
      const each = Array.from({ length: groups }, (_, i) => ({ rows: rows(i), read: () => read(i) }))
      await store.load([part], () => mergeGroups(each))
    }
  }
  for (const { name, lines } of logs)
    for (let from = 0; from < lines.length; from += 5_000) {
      const body = new TextEncoder().encode(lines.slice(from, from + 5_000).join('\n'))
      const hits = [...accept(body, { received, token: name }).hits.values()].flat()
      await load(parts.add(hits.map((hit) => ({ seq: 0, ...hit, ...enrich(hit) }))))
    }
  await load(parts.finish())
  return connection
}
