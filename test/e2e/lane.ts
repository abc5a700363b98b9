import { inject } from 'vitest'
import type { Access } from './stack.ts'

/** What the files have that one worker of Vitest runs, one after the other: nothing of it is in use elsewhere meanwhile. */
export interface Lane {
  server: Access
  /** The address of a Chromium, which has a clipboard. */
  browser: string
}

declare module 'vitest' {
  interface ProvidedContext {
    lanes: Lane[]
  }
}

/** The lane of this file. Vitest numbers its workers from 1. */
export const lane = (): Lane => inject('lanes')[Number(process.env.VITEST_POOL_ID) - 1]!
