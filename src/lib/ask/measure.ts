import type { SqlType } from '#lib/schema/hit.ts'

/** Where in time something is counted. */
export interface Place {
  /** SQL for the place of an instant. */
  readonly of: (instant: string) => string
  /** All instants of a stretch of UTC of so many milliseconds have the same place. */
  readonly by: number
}

/** The stretch of UTC in which an instant lies, told by its beginning. */
const stretchOf = (by: number): Place => ({
  of: (instant) => `epoch_ms(epoch_ms(${instant}) // ${by} * ${by})`,
  by
})

/** The clocks of all zones differ from UTC by whole quarters of an hour. */
export const quarterOfHour: Place = stretchOf(900_000)
export const quarterOfDay: Place = stretchOf(21_600_000)
export const utcDay: Place = stretchOf(86_400_000)

/** The day that a clock of the zone shows, told by its date: midnight in UTC. */
export const dayIn = (zone: string): Place =>
  zone === 'UTC'
    ? utcDay
    : {
        of: (instant) =>
          `epoch_ms((epoch_ms(${instant}) + 60_000 * zone_offset(${instant})) // ${utcDay.by} * ${utcDay.by})`,
        by: quarterOfHour.by
      }

/**
 * Something that is counted of hits, in rows that can be added up by days. It is asked of hits and of roll-ups alike,
 * and roll-ups are made by it.
 */
export interface Measure {
  /** A word that SQL can name a table by. */
  readonly name: string
  /** What roll-ups know of time; null if none are kept. */
  readonly grain: Place | null
  /** What its rows hold besides `slot` and `class`. */
  readonly columns: Readonly<Record<string, SqlType | 'INTEGER'>>
  /**
   * `SELECT {at(time)} AS slot, class, …columns FROM {hits}`: {hits} are hits with their class, under the name `hit`,
   * and {at(…)} is where an instant is counted.
   */
  readonly sql: string
  /** It counts visits or visitors. It is asked of one class at a time, and its rows and its hits don't name the class. */
  readonly isOfOneClass?: true
  /** The counts of the classes don't add up: roll-ups also count all classes together, in rows without a class. */
  readonly isWhole?: true
}
