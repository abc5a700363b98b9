import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { applyMutant, type Mutant } from './mutant.ts'

const root = new URL('../../', import.meta.url)

const instead: Record<string, string> = {
  'cloudflare:workers': 'platform.ts',
  './zstd.ts': 'plain-zstd.ts',
  './boot.ts': 'boot.ts',
  './row-group.ts': 'row-group.ts'
}

/** Loads the Worker's files as its bundler does, one of them perhaps without a safeguard. */
export function install(mutant: Mutant | null): void {
  registerHooks({
    resolve: (specifier, context, next) => {
      const other = instead[specifier]
      return other
        ? { url: new URL(other, import.meta.url).href, shortCircuit: true }
        : next(specifier, context)
    },
    load: (url, context, next) => {
      if (url.endsWith('.sql')) {
        const source = `export default ${JSON.stringify(readFileSync(fileURLToPath(url), 'utf8'))}`
        return { format: 'module', source, shortCircuit: true }
      }
      if (mutant === null || url !== new URL(mutant.file, root).href) return next(url, context)
      const source = applyMutant(mutant, readFileSync(fileURLToPath(url), 'utf8'))
      return { format: 'module-typescript', source, shortCircuit: true }
    }
  })
}
