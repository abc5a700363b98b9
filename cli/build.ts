import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packEngine } from './engine.ts'
import { buildDefaults } from './geoip.ts'
import { allowOwnScripts } from './policy.ts'
import { preloadOverview } from './preload.ts'
import { fail, root, runQuietly } from './process.ts'

/** What a build is made of. */
const sources = [
  'src',
  'static',
  'cli',
  'forwarders',
  'package-lock.json',
  'svelte.config.js',
  'vite.config.ts'
]
/** Written when a build is complete: one that broke off is never taken for finished. */
const stamp = join(root, '.svelte-kit/built')

/** Builds the page, the engine and the geo indexes into `build/`. */
export async function build(): Promise<void> {
  rmSync(stamp, { force: true })
  // A test that builds says that it is one, and would get Svelte's development build: larger and slower.
  await runQuietly('vite', ['build', '--logLevel', 'warn'], { NODE_ENV: 'production' })
  preloadOverview(join(root, 'build/spa.html'), join(root, '.svelte-kit'))
  allowOwnScripts(join(root, 'build/spa.html'), join(root, 'build/_headers'))
  await packEngine(join(root, 'build/engine'))
  buildDefaults(join(root, 'build/geo'))
  mkdirSync(join(root, '.svelte-kit'), { recursive: true })
  writeFileSync(stamp, '')
}

/** Builds where `build/` is missing, incomplete or older than its sources. */
export async function buildIfStale(): Promise<void> {
  const built = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0
  const page = statSync(join(root, 'build/spa.html'), { throwIfNoEntry: false })
  if (page && sources.every((source) => newest(join(root, source)) < built)) return
  console.log('Building the page …')
  await build()
}

function newest(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) return 0
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

if (import.meta.main) await build().catch(fail)
