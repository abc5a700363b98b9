import { here } from './globals.ts'
import { bootOf, inside } from './world.ts'

/** In place of `workers/store/boot.ts`: a power cut ends the runtime, but not this process. */
export const thisBoot = () => bootOf(here(), inside.getStore()!.server)
