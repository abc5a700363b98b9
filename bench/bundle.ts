import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildIfStale } from '../cli/build.ts'
import { root } from '../cli/process.ts'
import { short, type Section } from './report.ts'

/** Bytes of JavaScript, as gzip, that may come before the first paint of a site. */
export const budget = 70_000

const build = join(root, 'build')

/** A script as it is sent. */
export interface Script {
  file: string
  bytes: number
  gzip: number
}

/** What a browser runs before it paints a site, against the budget. */
export async function measure(): Promise<Section> {
  await buildIfStale()
  const scripts = readScripts()
  const gzip = total(scripts)
  return {
    title: 'Bundle',
    how: 'JavaScript before the first paint of `/s/[site]`, gzip -9 a file: what `spa.html` runs and preloads, the route, and all that these import; the engine and what drives it come after.',
    columns: ['what', 'gzip', 'plain'],
    rows: [
      ['**sent ÷ budget**', `**${(gzip / budget).toFixed(2)}**`, ''],
      ['in all', kB(gzip), kB(scripts.reduce((sum, { bytes }) => sum + bytes, 0))],
      ['budget', kB(budget), ''],
      ...scripts.map(({ file, bytes, gzip }) => [`\`${file}\``, kB(gzip), kB(bytes)])
    ]
  }
}

/** The scripts in front of the first paint of a site, largest first. */
export function readScripts(): Script[] {
  const page = readFileSync(join(build, 'spa.html'), 'utf8')
  const linked = [...page.matchAll(/<(?:script src|link href)="\/([^"]+\.js)"/g)].map(([, file]) => file!)
  const files = closure([...linked, ...nodesOf('/s/[site]/(hits)/(overview)', linked)])
  const inline = [...page.matchAll(/<script>(.*?)<\/script>/gs)].map(([, text]) => text!).join('\n')
  return [
    ...files.map((file) => sizeOf(file, readFileSync(join(build, file)))),
    sizeOf('spa.html, inline', Buffer.from(inline))
  ].sort((a, b) => b.gzip - a.gzip)
}

export const total = (scripts: readonly Script[]) => scripts.reduce((sum, { gzip }) => sum + gzip, 0)

const sizeOf = (file: string, bytes: Buffer): Script => ({
  file: file.replace('_app/immutable/', ''),
  bytes: bytes.length,
  gzip: gzipSync(bytes, { level: 9 }).length
})

const kB = (bytes: number) => `${short(bytes / 1000)} kB`

/** The scripts of a route, its page and the layouts around it: Kit's app has a table of them by number. */
function nodesOf(route: string, linked: readonly string[]): string[] {
  const app = linked.find((file) => file.includes('/entry/app.'))
  const table = app ? readFileSync(join(build, app), 'utf8') : ''
  const found = new RegExp(`"${RegExp.escape(route)}":\\[~?(\\d+)(?:,\\[([\\d,]*)\\])?`).exec(table)
  if (!found) throw new Error(`route ${route} is not in ${app}`)
  const [, node = '', layouts = ''] = found
  const numbers = [node, ...layouts.split(',').filter(Boolean)]
  return numbers.flatMap((number) => globSync(`_app/immutable/nodes/${number}.*.js`, { cwd: build }))
}

/** Files and all that they import, but for what they import later. */
function closure(files: readonly string[]): string[] {
  const seen = new Set(files)
  for (const file of seen) {
    const text = readFileSync(join(build, file), 'utf8')
    for (const [, path] of text.matchAll(/(?:\bfrom|\bimport)\s*"(\.[^"]+\.js)"/g))
      seen.add(relative(build, join(build, dirname(file), path!)))
  }
  return [...seen]
}
