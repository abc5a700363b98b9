import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const wasm = 'duckdb-eh.wasm'
const worker = 'duckdb-browser-eh.worker.js'

/**
 * What the engine's worker runs first. It counts the bytes of the WebAssembly as they pass through a stream of its own, and
 * of what is compiled from there a browser keeps nothing: where nothing is to be counted it is to compile the answer
 * itself. Two seconds of processor time at every start. By itself, it doesn't report WebAssembly that failed to load.
 */
const first = `if (self.name === 'kept') self.TransformStream = undefined
addEventListener('unhandledrejection', (event) => {
  event.preventDefault()
  throw event.reason
})
`

/** Brotli 9 gives 5.9 MB in some seconds; 11 takes a minute for a tenth less. */
const compressors = {
  br: (bytes: Uint8Array) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 9,
        [constants.BROTLI_PARAM_LGWIN]: 24,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length
      }
    }),
  gz: (bytes: Uint8Array) => promisify(gzip)(bytes, { level: 9 })
}

/**
 * Writes DuckDB's worker and its compressed WebAssembly into a folder. The raw file has 34 MB, an asset may have 25
 * MiB. What was compressed once is kept by version in `node_modules/.cache`.
 */
export async function packEngine(outDir: string): Promise<void> {
  const dist = dirname(createRequire(import.meta.url).resolve(`@duckdb/duckdb-wasm/dist/${wasm}`))
  const { version } = JSON.parse(await readFile(join(dist, '../package.json'), 'utf8')) as { version: string }
  const cache = join(dist, '../../../.cache/loggia', `duckdb-${version}`)
  await Promise.all([mkdir(outDir, { recursive: true }), mkdir(cache, { recursive: true })])
  await rm(join(outDir, wasm), { force: true })
  for (const encoding of ['br', 'gz'] as const) {
    const name = `${wasm}.${encoding}`
    await compressOnce(join(dist, wasm), join(cache, name), encoding)
    await copyFile(join(cache, name), join(outDir, name))
  }
  await writeFile(join(outDir, worker), first + (await readFile(join(dist, worker), 'utf8')))
}

async function compressOnce(from: string, to: string, encoding: keyof typeof compressors): Promise<void> {
  if (await stat(to).catch(() => null)) return
  await writeFile(`${to}.part`, await compressors[encoding](await readFile(from)))
  await rename(`${to}.part`, to)
}
