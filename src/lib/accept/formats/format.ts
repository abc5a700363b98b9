import type { AcceptedHit } from '#lib/schema/hit.ts'
import type { Fields, Source } from '../fields.ts'
import type { Stop } from '../stop.ts'

/** How one kind of server writes a request, as a record of JSON (`Fields`) or as a line of text. */
export interface Format<T> {
  /** What the column `shape` stores. */
  name: string
  /** Whether `read` is for this one: a look at a few names or characters. */
  matches(written: T): boolean
  /** Fills a blank hit. Throws `Refused` if it is no request after all. */
  read(hit: AcceptedHit, written: T, source: Source): void
}

/** A format that somebody described: of lines, of records, or the columns of a W3C log. */
export interface OwnFormat {
  /** The language of the description. */
  dialect: string
  /** The fields of a line, by names that `names.ts` knows; null if it is written otherwise. */
  line?(line: string): Fields | null
  /** Where a line is written otherwise; null if it is not. */
  stop?(line: string): Stop | null
  /** The same of a record. */
  record?(record: Fields): Fields | null
  columns?: readonly string[]
}

/** How a record with names is written as a line, other than in JSON. */
export interface Spelling {
  /** What the column `shape` stores. */
  name: string
  matches(line: string): boolean
  parse(line: string): Fields
}
