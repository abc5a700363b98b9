import { expect, it } from 'vitest'
import type { Mutant } from './mutant.ts'
import { mutants } from './mutants.ts'
import { runSeeds } from './seeds.ts'
import known from './telling-seeds.json' with { type: 'json' }

/** Seeds that a missing safeguard has at most until it shows. */
const most = 1_000
const atOnce = 2
const first: Record<string, number | undefined> = known

/** The first seed whose history breaks a promise without a safeguard, and which; null when none does. */
async function hunt({ name }: Mutant): Promise<{ seed: number; violation: string } | null> {
  let found: { seed: number; violation: string } | null = null
  const seeds = Array.from({ length: most }, (_, i) => i + 1)
  await runSeeds(
    { seeds: [first[name] ?? 1, ...seeds], mutant: name, isTold: false },
    ({ seed, violation }) => {
      if (violation !== null) found ??= { seed, violation: violation.split('\n')[0]! }
      return violation === null
    }
  )
  return found
}

it('notices each safeguard that is removed', { timeout: 900_000 }, async () => {
  const waiting = [...mutants]
  const telling: Record<string, number | null> = Object.fromEntries(mutants.map(({ name }) => [name, null]))
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const found = await hunt(next)
      telling[next.name] = found?.seed ?? null
      console.log(
        `${next.name.padEnd(56)} ${String(found?.seed ?? '–').padStart(4)}  ${found?.violation ?? 'SURVIVES'}`
      )
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  expect(Object.keys(telling).filter((name) => telling[name] === null)).toEqual([])
  await expect(`${JSON.stringify(telling, null, 2)}\n`).toMatchFileSnapshot('telling-seeds.json')
})
