import { parentPort, workerData } from 'node:worker_threads'
import { install as installLoader } from './loader.ts'
import { mutants } from './mutants.ts'
import type { Order } from './seeds.ts'

const { seeds, mutant, isTold } = workerData as Order
const removed = mutants.find(({ name }) => name === mutant) ?? null
if (mutant !== null && !removed) throw new Error(`there is no mutant "${mutant}"`)

// What follows is loaded through the loader, and sees the narrow columns and the world's clock.
installLoader(removed)
await import('./few-columns.ts')
const { install } = await import('./globals.ts')
const { HitBuffer } = await import('../../workers/store/hit-buffer.ts')
const { live, warm } = await import('./history.ts')
const print = console.log
install()
await warm()

for (const seed of seeds) {
  const verdict = await live(seed, (ctx, env) => new HitBuffer(ctx, env), isTold ? print : undefined)
  parentPort!.postMessage(verdict)
}
