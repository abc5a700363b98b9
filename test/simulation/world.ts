import { AsyncLocalStorage } from 'node:async_hooks'
import type { Random } from './random.ts'
import type { Schedule } from './schedule.ts'
import type { Weather } from './weather.ts'

/** What all that lives in one history shares. */
export interface World {
  schedule: Schedule
  random: Random
  weather: Weather
  /** How far the clock of the platform is from the true time. */
  skew: number
  /** Names the run of the runtime. */
  boot: string
  /** Adds a line to the story of a history that is being replayed. */
  tell(line: string): void
  /** Ends the history: a promise was broken. */
  violate(message: string): void
}

/** Something that code runs in and that can end under it. */
export interface Home {
  isGone: boolean
  /** Which of the two servers it runs on. */
  server: number
}

/** Whose code is running. */
export const inside = new AsyncLocalStorage<Home>()

/** Milliseconds since 1970 by the platform's clock. */
export const clock = ({ schedule, skew }: World) => schedule.now + skew

/** Names the run of the runtime on one of the two servers. */
export const bootOf = ({ boot }: World, server: number) => (server ? `${boot}, second` : boot)
