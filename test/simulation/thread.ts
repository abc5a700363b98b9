import { parentPort, workerData } from 'node:worker_threads'
import { install as installLoader } from './loader.ts'
import { mutants } from './mutants.ts'
import type { Create } from './instance.ts'
import type { Order } from './seeds.ts'

const { seeds, mutant, isTold } = workerData as Order
const removed = mutants.find(({ name }) => name === mutant) ?? null
if (mutant !== null && !removed) throw new Error(`there is no mutant "${mutant}"`)

// What follows is loaded through the loader, and sees the narrow columns and the world's clock.
installLoader(removed)
await import('./few-columns.ts')
const { install } = await import('./globals.ts')
const { live, warm } = await import('./history.ts')
const print = console.log
install()
const isolates = await Promise.all(['', '?again'].map(open))
const creates = isolates.map(
  ({ HitBuffer }): Create =>
    (ctx, env) =>
      new HitBuffer(ctx, env)
)

/** The Worker's code in memory of its own. */
async function open(isolate: string) {
  const load = <Module>(file: string) => import(`../../workers/store/${file}${isolate}`) as Promise<Module>
  const { createEnrich } = await load<typeof import('../../workers/store/enrichment.ts')>('enrichment.ts')
  await warm(createEnrich)
  return load<typeof import('../../workers/store/hit-buffer.ts')>('hit-buffer.ts')
}

for (const seed of seeds) {
  const verdict = await live(seed, creates, isTold ? print : undefined)
  parentPort!.postMessage(verdict)
}
