import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { root, which } from '../cli/process.ts'

/** Public logs and corpora, which lie beside the repository. */
export const shared = join(root, '../shared/')

type Need =
  | 'shared'
  | 'tmpfs'
  | 'nginx'
  | 'apache2'
  | 'caddy'
  | 'haproxy'
  | 'syslog-ng'
  | 'rsyslogd'
  | 'python3'
  | 'firefox-esr'

/** Returns why a need is not met on this machine; null where it is. */
function lackOf(need: Need): string | null {
  if (need === 'shared') return existsSync(shared) ? null : 'there is no ../shared'
  if (need === 'tmpfs') return mayMount() ? null : 'this user may not mount a tmpfs here'
  return which(need) ? null : `${need} is not installed`
}

/** Root in a container may not either. */
function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'loggia-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder], { stdio: 'ignore' })
    execFileSync('umount', [folder])
    return true
  } catch {
    return false
  } finally {
    rmdirSync(folder)
  }
}

/** What no installation brings. */
const given: readonly Need[] = ['shared', 'tmpfs']

/**
 * Returns `describe` where this machine has what the tests need. Elsewhere the tests become one skipped test, whose name
 * says why; where CI is true, a missing program is a failure.
 */
export function needs(...all: Need[]): (name: string, tests: () => void) => void {
  const lacks = all.map(lackOf).filter((lack) => lack !== null)
  if (lacks.length === 0) return describe
  const why = lacks.join(' and ')
  const mustRun = process.env.CI === 'true' && all.some((need) => !given.includes(need) && lackOf(need))
  return (name) => {
    if (mustRun)
      it(name, () => {
        throw new Error(`${why}: CI=true runs these tests too`)
      })
    else it.skip(`${name}: ${why}`)
  }
}
