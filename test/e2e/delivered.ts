import type { Client } from '../../cli/client.ts'
import { askParts } from '../store/native.ts'

/** Lines of a log, by their `request_id`, against the hits of a site. */
export interface Delivered {
  /** Hits whose line is in the log. */
  kept: number
  /** Lines of the log that are no hit. */
  lost: number
  /** Lines of the log that are several hits. */
  twice: number
  /** Ids of hits that are of no line in the log. */
  unknown: number
}

/** Counts by native DuckDB, over all parts of a site and the log that a forwarder read. */
export async function countDelivered(client: Client, site: string, log: string): Promise<Delivered> {
  const { parts } = await client.manifest(site)
  const bytes = await Promise.all(parts.map(({ id }) => client.part(site, id)))
  const [row] = await askParts(
    bytes,
    `with sent as (
       select request_id from read_json('${log}', format = 'newline_delimited', columns = {request_id: 'varchar'})
     ), kept as (
       select request_id, count(*) as times from parts group by request_id
     )
     select
       coalesce(sum(times), 0)::int as kept,
       (count(*) filter (times is null))::int as lost,
       (count(*) filter (times > 1))::int as twice,
       (count(*) filter (sent.request_id is null))::int as unknown
     from sent full join kept using (request_id)`
  )
  return row as unknown as Delivered
}
