/** How much a test tries: first in `npm test`, then in `npm run proof`. */
const amounts = {
  /** Histories of the simulated store. */
  histories: { test: 1_000, proof: 20_000 },
  /** Histories of what a device holds. */
  'histories of a device': { test: 75, proof: 3_000 },
  /** Selections that roll-ups of the native engine answer as the hits do. */
  'rolled selections': { test: 6, proof: 24 },
  /** Inputs of each fuzz target, times this. */
  fuzz: { test: 1, proof: 20 },
  /** Times that the server is killed under syslog-ng. */
  kills: { test: 8, proof: 30 },
  /** Seconds that two servers take batches on one data folder. */
  'seconds on one folder': { test: 12, proof: 300 }
} as const

const run = process.env.LOGGIA_PROOF === '1' ? 'proof' : 'test'

/** How much the test of this name tries in this run. */
export const amount = (name: keyof typeof amounts): number => amounts[name][run]
