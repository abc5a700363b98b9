import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { root, which } from '../cli/process.ts'

/** Public logs and corpora, which lie beside the repository. */
export const shared = join(root, '../shared/')

type Need = 'shared' | 'tmpfs' | 'nginx' | 'syslog-ng' | 'python3'

/** Returns why a need is not met on this machine; null where it is. */
function lackOf(need: Need): string | null {
  if (need === 'shared') return existsSync(shared) ? null : 'there is no ../shared'
  if (need === 'tmpfs') return process.getuid?.() === 0 ? null : 'only root may mount a tmpfs'
  return which(need) ? null : `${need} is not installed`
}

/**
 * Returns `describe` where this machine has what the tests need. Elsewhere the tests become one skipped test, whose name
 * says why; where CI is true, a missing program is a failure.
 */
export function needs(...all: Need[]): (name: string, tests: () => void) => void {
  const lacks = all.map(lackOf).filter((lack) => lack !== null)
  if (lacks.length === 0) return describe
  const why = lacks.join(' and ')
  const mustRun = process.env.CI === 'true' && all.some((need) => need !== 'shared' && lackOf(need))
  return (name) => {
    if (mustRun)
      it(name, () => {
        throw new Error(`${why}: CI=true runs these tests too`)
      })
    else it.skip(`${name}: ${why}`)
  }
}
