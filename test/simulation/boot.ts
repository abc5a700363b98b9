import { here } from './globals.ts'

/** In place of `workers/store/boot.ts`: a power cut ends the runtime, but not this process. */
export const thisBoot = () => here().boot
