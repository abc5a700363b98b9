import { parseArgs } from 'node:util'
import { runSeeds, simulate } from './seeds.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '2000' },
    from: { type: 'string', default: '1' },
    mutant: { type: 'string' }
  }
})

if (values.mutant !== undefined && values.seed === undefined)
  throw new Error('--mutant goes with --seed: mutants.test.ts tries a mutant on many')

/** `node test/simulation/run.ts --seed 123` tells the story of one seed; `--seeds` and `--from` run many. */
if (values.seed !== undefined) {
  const order = { seeds: [Number(values.seed)], mutant: values.mutant ?? null, isTold: true }
  await runSeeds(order, (verdict) => (console.log(verdict), true))
} else {
  const { violations, ...summary } = await simulate(Number(values.from), Number(values.seeds))
  for (const { seed, violation } of violations) console.error(`seed ${seed}: ${violation}`)
  console.log(summary)
  process.exitCode = violations.length ? 1 : 0
}
