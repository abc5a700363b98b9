import { copyFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildPlace, needRoom } from './disk.ts'
import { packEngine } from './engine.ts'
import { buildDefaults } from './geoip.ts'
import { copyPage, pageCopies, type PageCopy } from './page-copy.ts'
import { allowOwnScripts } from './policy.ts'
import { preloadOverview } from './preload.ts'
import { fail, root, runQuietly } from './process.ts'
import { inTurn, kit } from './turn.ts'

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
const page = join(root, 'build')
/** Written when a build is complete: one that broke off is never taken for finished. */
const stamp = join(kit, 'built')

/** Builds the page, the engine and the geo indexes into `build/`. */
export async function build(): Promise<void> {
  needRoom(buildPlace)
  await inTurn(buildNow)
}

/** Builds where `build/` is missing, incomplete or older than its sources. */
export const buildIfStale = (): Promise<void> => inTurn(buildNowIfStale)

/** Builds where that is needed, and returns a copy of the page for a server. */
export const takePage = (): Promise<PageCopy> =>
  inTurn(async () => {
    await buildNowIfStale()
    return copyPage(page, pageCopies)
  })

async function buildNow(): Promise<void> {
  rmSync(stamp, { force: true })
  const began = new Date()
  // A test that builds says that it is one, and would get Svelte's development build: larger and slower.
  await runQuietly('vite', ['build', '--logLevel', 'warn'], { NODE_ENV: 'production' })
  preloadOverview(join(page, 'spa.html'), kit)
  allowOwnScripts(join(page, 'spa.html'), join(page, '_headers'))
  await packEngine(join(page, 'engine'))
  buildDefaults(join(page, 'geo'))
  copyFileSync(join(root, 'src/lib/enrich/crawlers.json'), join(page, 'geo/crawlers.json'))
  writeFileSync(stamp, '')
  // What was changed meanwhile is newer than the build.
  utimesSync(stamp, began, began)
}

async function buildNowIfStale(): Promise<void> {
  const built = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0
  const shell = statSync(join(page, 'spa.html'), { throwIfNoEntry: false })
  if (shell && sources.every((source) => newest(join(root, source)) < built)) return
  needRoom(buildPlace)
  console.log('Building the page …')
  await buildNow()
}

function newest(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) return 0
  if (!stats.isDirectory()) return stats.mtimeMs
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

if (import.meta.main) await build().catch(fail)
