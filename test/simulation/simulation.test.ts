import { expect, it } from 'vitest'
import { simulate } from './seeds.ts'

const first = Number(process.env.LOGGIA_FIRST_SEED ?? 1)
const seeds = Number(process.env.LOGGIA_SEEDS ?? 2_000)

it(`keeps every promise in ${seeds} histories`, { timeout: 600_000 }, async () => {
  const started = performance.now()
  const { violations, lines, restarts } = await simulate(first, seeds)
  const took = ((performance.now() - started) / 1_000).toFixed(0)
  for (const { seed, violation } of violations)
    console.error(`seed ${seed}: ${violation}\nits story: node test/simulation/run.ts --seed ${seed}`)
  console.log(
    `${seeds} histories in ${took} s: ${lines} lines acknowledged, ${restarts} starts of the object, ${violations.length} promises broken`
  )
  expect(lines).toBeGreaterThan(seeds * 10)
  expect(violations.map(({ seed }) => seed)).toEqual([])
})
