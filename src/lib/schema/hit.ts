/** The SQL types a column may have, spelled as DuckDB spells them. */
export type SqlType =
  'BIGINT' | 'UBIGINT' | 'UINTEGER' | 'SMALLINT' | 'DOUBLE' | 'BOOLEAN' | 'TIMESTAMP' | 'VARCHAR'

/** What a value of each type is in JavaScript. A TIMESTAMP is milliseconds since 1970, UTC. */
interface Values {
  BIGINT: number
  UBIGINT: bigint
  UINTEGER: number
  SMALLINT: number
  DOUBLE: number
  BOOLEAN: boolean
  TIMESTAMP: number
  VARCHAR: string
}

export interface Column {
  readonly name: string
  readonly type: SqlType
  /** Which step fills it: `accept` before the log, `enrich` at flush, `store` when the log numbers it. */
  readonly from: 'accept' | 'enrich' | 'store'
  readonly unit?: 'ms' | 'bytes' | 'minutes'
  readonly required?: true
  /** A line is known again by these: they are the line's own, and no setting may change them. */
  readonly identity?: true
}

/**
 * The columns of a hit, in the order of the Parquet file and of the table `hits`.
 *
 * This list is the only place that names them: the Parquet writer, the table on the device and the type `Hit`
 * come from it. Columns are added, never renamed: old parts stay readable.
 */
export const columns = [
  { name: 'seq', type: 'BIGINT', from: 'store', required: true },
  { name: 'kind', type: 'VARCHAR', from: 'accept', required: true, identity: true },
  { name: 'time', type: 'TIMESTAMP', from: 'accept', required: true, identity: true },
  { name: 'utc_offset', type: 'SMALLINT', from: 'accept', unit: 'minutes' },
  { name: 'host', type: 'VARCHAR', from: 'accept', identity: true },
  { name: 'method', type: 'VARCHAR', from: 'accept', identity: true },
  { name: 'path', type: 'VARCHAR', from: 'accept', identity: true },
  { name: 'query', type: 'VARCHAR', from: 'accept', identity: true },
  { name: 'protocol', type: 'VARCHAR', from: 'accept' },
  { name: 'scheme', type: 'VARCHAR', from: 'accept' },
  { name: 'status', type: 'SMALLINT', from: 'accept', identity: true },
  { name: 'bytes', type: 'BIGINT', from: 'accept', unit: 'bytes', identity: true },
  { name: 'request_bytes', type: 'BIGINT', from: 'accept', unit: 'bytes', identity: true },
  { name: 'duration', type: 'DOUBLE', from: 'accept', unit: 'ms', identity: true },
  { name: 'upstream_duration', type: 'DOUBLE', from: 'accept', unit: 'ms' },
  { name: 'upstream_status', type: 'SMALLINT', from: 'accept' },
  { name: 'cache_status', type: 'VARCHAR', from: 'accept' },
  { name: 'referrer', type: 'VARCHAR', from: 'accept' },
  { name: 'referrer_domain', type: 'VARCHAR', from: 'enrich' },
  { name: 'referrer_kind', type: 'VARCHAR', from: 'enrich' },
  { name: 'user_agent', type: 'VARCHAR', from: 'accept' },
  { name: 'browser', type: 'VARCHAR', from: 'enrich' },
  { name: 'browser_version', type: 'VARCHAR', from: 'enrich' },
  { name: 'os', type: 'VARCHAR', from: 'enrich' },
  { name: 'os_version', type: 'VARCHAR', from: 'enrich' },
  { name: 'device', type: 'VARCHAR', from: 'enrich' },
  { name: 'bot_name', type: 'VARCHAR', from: 'enrich' },
  // Several are joined by ", ", the main one first.
  { name: 'bot_purpose', type: 'VARCHAR', from: 'enrich' },
  // Whether the client is the crawler that it says to be: `signed`, `verified` or `impostor`; null if nothing tells.
  { name: 'bot_proof', type: 'VARCHAR', from: 'enrich' },
  { name: 'is_bot', type: 'BOOLEAN', from: 'enrich', required: true },
  { name: 'is_asset', type: 'BOOLEAN', from: 'enrich', required: true },
  { name: 'ip', type: 'VARCHAR', from: 'accept' },
  // The host name of a client whose address the server did not log.
  { name: 'client_name', type: 'VARCHAR', from: 'accept' },
  { name: 'country', type: 'VARCHAR', from: 'enrich' },
  { name: 'region', type: 'VARCHAR', from: 'enrich' },
  { name: 'city', type: 'VARCHAR', from: 'enrich' },
  { name: 'asn', type: 'UINTEGER', from: 'enrich' },
  { name: 'as_org', type: 'VARCHAR', from: 'enrich' },
  { name: 'visitor', type: 'UBIGINT', from: 'enrich', required: true },
  { name: 'remote_user', type: 'VARCHAR', from: 'accept' },
  { name: 'server', type: 'VARCHAR', from: 'accept' },
  { name: 'request_id', type: 'VARCHAR', from: 'accept', identity: true },
  { name: 'message', type: 'VARCHAR', from: 'accept' },
  { name: 'extra', type: 'VARCHAR', from: 'accept' },
  { name: 'shape', type: 'VARCHAR', from: 'accept', required: true },
  { name: 'token', type: 'VARCHAR', from: 'accept' },
  { name: 'flags', type: 'VARCHAR', from: 'accept' }
] as const satisfies readonly Column[]

type Listed = (typeof columns)[number]
type ValueOf<C extends Listed> = C extends { required: true } ? Values[C['type']] : Values[C['type']] | null

export type ColumnName = Listed['name']

/** One logged request in our columns. What is missing is null, never `"-"` or `""`. */
export type Hit = { -readonly [C in Listed as C['name']]: ValueOf<C> }

type From<S extends Column['from']> = Extract<Listed, { from: S }>['name']

/** A hit as `accept` leaves it: canonical and scrubbed, not yet enriched or numbered. */
export type AcceptedHit = Pick<Hit, From<'accept'>>

/** What `enrich` adds to an accepted hit. */
export type Enrichment = Pick<Hit, From<'enrich'>>

type Identity = Extract<Listed, { identity: true }>['name']

/** The columns of an accepted hit that settings may change: all but those by which a line is known again. */
export type Adjustable = Omit<AcceptedHit, Identity>

/** Hits of one log row are numbered from `position * seqsPerPosition`; a row never holds more. */
export const seqsPerPosition = 65_536
