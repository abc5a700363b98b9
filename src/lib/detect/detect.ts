import { fill } from '#lib/engine/fill.ts'
import type { ColumnName } from '#lib/schema/hit.ts'
import { fieldOf } from '#lib/star/star.ts'
import type { Detection } from './detections.ts'
import source from './source.sql?raw'
import windowSql from './window.sql?raw'
import windowsSql from './windows.sql?raw'

/** What a source was found to do. */
export interface Found {
  /** The name of the detection. */
  detection: string
  /** An address, a network of 64 bits in IPv6, or the host name of a client without an address. */
  source: string
  /** Milliseconds since 1970, UTC. */
  first: number
  last: number
  hits: number
  /** How many of the hits were answered with 2xx. */
  answered: number
  /** Up to three of the addresses that it asked for. */
  tried: string[]
}

/** RE2: paths that one signs in at. */
export const logins = String.raw`(?i)/(?:wp-login|log-?in|sign-?in|auth|authenticate|session|sessions|xmlrpc)(?:\.\w{1,5})?/?$`

const fields: readonly ColumnName[] = [
  'ip',
  'client_name',
  'bot_purpose',
  'user_agent',
  'referrer',
  'method',
  'path',
  'query'
]

/** SQL for the source of an address, which SQL names. */
export const sourceOf = (address: string): string => fill(source, { address }).trim()

/** SQL that gives rows of `Found` for hits that SQL names, which have the columns of the table `hits`. */
export const detectSql = (detections: readonly Detection[], hits: string): string =>
  fill(windowsSql, {
    ...Object.fromEntries(fields.map((name) => [name, String(fieldOf(name))])),
    hits,
    logins,
    source: `coalesce(${sourceOf('address.word')}, client_name.word)`,
    found: detections.map(windowOf).join('\nUNION ALL\n')
  })

const windowOf = ({ name, test, counted, above, seconds }: Detection) =>
  fill(windowSql, {
    name,
    test,
    counted: counted === 'hit' ? '*' : `DISTINCT ${counted}`,
    above: String(above),
    seconds: String(seconds)
  })
