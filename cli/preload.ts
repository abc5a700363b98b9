import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Vite's list of what it has built: by source, or by a name of its own where a script is made of many. */
type Manifest = Record<string, { file: string; imports?: string[]; css?: string[] }>

const overview = ['src/routes/+layout', '(hits)/+layout', '(overview)/+layout', '(overview)/+page']
/** What the overview asks for next: the figures, and what starts the engine. */
const next = ['src/lib/panels/Figures.svelte', 'src/lib/device/device.ts']

/**
 * Names the overview's scripts and styles in the page, that a first visit fetches them at once and not in three turns,
 * each when it was read in the one before. Kit names the styles of some dialogs too: these come with their dialogs.
 */
export function preloadOverview(page: string, kit: string): void {
  const list = readFileSync(join(kit, 'output/client/.vite/manifest.json'), 'utf8')
  const manifest = JSON.parse(list) as Manifest
  const first = closure(manifest, nodesOf(kit, overview))
  const second = closure(manifest, next).difference(first)
  const text = readFileSync(page, 'utf8').replace(/\s*<link href="[^"]*\.css" rel="stylesheet">/g, '')
  const styles = [...first, ...second].flatMap((key) => manifest[key]?.css ?? [])
  const scripts = (keys: ReadonlySet<string>) =>
    Array.from(keys, (key) => manifest[key]!.file).filter((file) => !text.includes(`"/${file}"`))
  const links = [
    ...styles.map((file) => `<link href="/${file}" rel="stylesheet">`),
    ...scripts(first).map((file) => `<link href="/${file}" rel="modulepreload">`),
    ...scripts(second).map((file) => `<link rel="modulepreload" href="/${file}" fetchpriority="low">`)
  ]
  writeFileSync(
    page,
    text.replace(/\s*<\/head>/, (end) => links.map((link) => `\n\t\t${link}`).join('') + end)
  )
}

/** Kit's entries for layouts and pages. */
const nodesOf = (kit: string, components: readonly string[]): string[] =>
  globSync('generated/client-optimized/nodes/*.js', { cwd: kit })
    .filter((file) => {
      const text = readFileSync(join(kit, file), 'utf8')
      return components.some((component) => text.includes(`${component}.svelte"`))
    })
    .map((file) => `.svelte-kit/${file}`)

/** Entries and all that they import, but for what they import later. */
function closure(manifest: Manifest, keys: readonly string[]): Set<string> {
  const seen = new Set(keys)
  for (const key of seen) for (const imported of manifest[key]?.imports ?? []) seen.add(imported)
  return seen
}
