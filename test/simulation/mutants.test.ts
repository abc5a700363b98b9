import { expect, it } from 'vitest'
import type { Mutant } from './mutant.ts'
import { mutants } from './mutants.ts'
import { runSeeds } from './seeds.ts'

/** Seeds that a missing safeguard has at most until it shows. */
const most = 1_000
const atOnce = 2

interface Found {
  name: string
  /** The first seed that shows it; null when none does. */
  seed: number | null
  violation: string
}

async function hunt({ name }: Mutant): Promise<Found> {
  const found: Found = { name, seed: null, violation: 'SURVIVES' }
  const seeds = Array.from({ length: most }, (_, i) => i + 1)
  await runSeeds({ seeds, mutant: name, isTold: false }, ({ seed, violation }) => {
    if (violation !== null && found.seed === null)
      Object.assign(found, { seed, violation: violation.split('\n')[0] })
    return violation === null
  })
  return found
}

/** Whether a history breaks a promise although the store has all its safeguards. */
async function isBroken(seed: number): Promise<boolean> {
  let broken = false
  await runSeeds({ seeds: [seed], mutant: null, isTold: false }, ({ violation }) => {
    broken = violation !== null
    return true
  })
  return broken
}

it('notices each safeguard that is removed', { timeout: 900_000 }, async () => {
  const waiting = [...mutants.entries()]
  const table: Found[] = []
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) table[next[0]] = await hunt(next[1])
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  const lines = table.map(
    ({ name, seed, violation }) => `${name.padEnd(52)} ${String(seed ?? '–').padStart(4)}  ${violation}`
  )
  console.log(`${'removed'.padEnd(52)} seed  what broke\n${lines.join('\n')}`)
  expect(table.filter(({ seed }) => seed === null).map(({ name }) => name)).toEqual([])
  const telling = [...new Set(table.map(({ seed }) => seed!))]
  for (const seed of telling) expect([seed, await isBroken(seed)]).toEqual([seed, false])
})
