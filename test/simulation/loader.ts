import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { applyMutant, type Mutant } from './mutant.ts'

const root = new URL('../../', import.meta.url)
const workers = new URL('workers/', root).href

const instead: Record<string, string> = {
  'cloudflare:workers': 'platform.ts',
  './zstd.ts': 'plain-zstd.ts',
  './boot.ts': 'boot.ts',
  './row-group.ts': 'row-group.ts'
}

/** At the end of an address: the Worker's files once more, as another isolate has them. */
const again = '?again'

/** Loads the Worker's files as its bundler does, one of them perhaps without a safeguard. */
export function install(mutant: Mutant | null): void {
  registerHooks({
    resolve: (specifier, context, next) => {
      const other = instead[specifier]
      if (other) return { url: new URL(other, import.meta.url).href, shortCircuit: true }
      const found = next(specifier, context)
      const isAgain = context.parentURL?.endsWith(again) && found.url.startsWith(workers)
      return isAgain ? { ...found, url: found.url + again } : found
    },
    load: (url, context, next) => {
      const { pathname } = new URL(url)
      if (pathname.endsWith('.sql')) {
        const source = `export default ${JSON.stringify(readFileSync(fileURLToPath(url), 'utf8'))}`
        return { format: 'module', source, shortCircuit: true }
      }
      if (mutant === null || pathname !== new URL(mutant.file, root).pathname) return next(url, context)
      const source = applyMutant(mutant, readFileSync(fileURLToPath(url), 'utf8'))
      return { format: 'module-typescript', source, shortCircuit: true }
    }
  })
}
