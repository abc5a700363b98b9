import { expect, it } from 'vitest'
import { amount } from '../amounts.ts'
import { simulate } from './seeds.ts'

const seeds = amount('histories')

it(`keeps every promise in ${seeds} histories`, { timeout: seeds * 300 }, async () => {
  const started = performance.now()
  const { violations, lines, restarts } = await simulate(1, seeds)
  const took = ((performance.now() - started) / 1_000).toFixed(0)
  for (const { seed, violation } of violations)
    console.error(`seed ${seed}: ${violation}\nits story: node test/simulation/run.ts --seed ${seed}`)
  console.log(
    `${seeds} histories in ${took} s: ${lines} lines acknowledged, ${restarts} starts of the object, ${violations.length} promises broken`
  )
  expect(lines).toBeGreaterThan(seeds * 10)
  expect(violations.map(({ seed }) => seed)).toEqual([])
})
