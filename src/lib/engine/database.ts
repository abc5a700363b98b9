import { AsyncDuckDB, DuckDBAccessMode, PACKAGE_VERSION, VoidLogger } from '@duckdb/duckdb-wasm'
import type { Connection } from './connection.ts'
import { wasmUrl } from './kept-engine.ts'
import { WasmConnection } from './wasm.ts'

const workerUrl = '/engine/duckdb-browser-eh.worker.js'
const memory = 'working_copy'

// The lock is set once, before the database holds anything. `custom_extension_repository` is a path of ours that
// answers 404: with the first two alone `date_trunc` on TIMESTAMPTZ still asks a foreign host.
const locks = (origin: string) => [
  'SET autoinstall_known_extensions = false',
  'SET autoload_known_extensions = false',
  `SET custom_extension_repository = '${origin}/engine/extensions'`,
  'SET enable_external_access = false',
  'SET lock_configuration = true'
]

const settings = (isFile: boolean) => [
  // By itself the engine would at some commit, in mid-question. Done once a sync, a load takes a third, too.
  `SET wal_autocheckpoint = '1TB'`,
  // What has been read of a file stays in memory, up to 3.1 GiB by default; with 300 MB clicks would read anew.
  ...(isFile ? [`SET memory_limit = '400MB'`] : [])
]

/** The engine in a worker of its own, the one database that it has open, and its connections by number. */
export class Database {
  readonly #worker: Worker
  readonly #database: AsyncDuckDB
  readonly #connections: (Connection | undefined)[] = []
  #file: string | null = null

  private constructor(worker: Worker) {
    this.#worker = worker
    this.#database = new AsyncDuckDB(new VoidLogger(), worker)
  }

  /** `onload` gets the number of bytes loaded, where they are counted. A start that fails is tried once more. */
  static async start(isKept: boolean, onload: (bytes: number) => void): Promise<Database> {
    return Database.#start(isKept, onload).catch(() => Database.#start(false, onload))
  }

  static async #start(isKept: boolean, onload: (bytes: number) => void): Promise<Database> {
    // The name tells it whether to count them (`cli/engine.ts`).
    const worker = new Worker(workerUrl, { name: isKept ? 'kept' : 'new' })
    const failed = new Promise<never>((_, reject) => {
      worker.onerror = (event) => {
        event.preventDefault()
        const { message } = event
        reject(new Error(message ? `${wasmUrl} cannot be loaded: ${message}` : `${workerUrl} is not loaded`))
      }
    })
    const database = new Database(worker)
    const ready = database.#database.instantiate(wasmUrl, null, ({ bytesLoaded }) => onload(bytesLoaded))
    try {
      await Promise.race([ready, failed])
    } catch (error) {
      worker.terminate()
      throw error
    }
    return database
  }

  /** Opens a database, locked against everything outside. */
  async open(file: string | null): Promise<string> {
    this.#file = file
    await this.#database.open(
      file ? { path: `opfs://${file}`, accessMode: DuckDBAccessMode.READ_WRITE } : { path: ':memory:' }
    )
    const first = await this.#database.connect()
    if (!file) await first.query(`ATTACH ':memory:' AS ${memory} (COMPRESS)`)
    await first.query([...settings(file !== null), ...locks(location.origin)].join(';\n'))
    await first.close()
    return PACKAGE_VERSION
  }

  async connect(): Promise<number> {
    const connection = await this.#database.connect()
    if (!this.#file) await connection.query(`USE ${memory}`)
    return this.#connections.push(new WasmConnection(connection)) - 1
  }

  connection(number: number): Connection {
    const connection = this.#connections[number]
    if (!connection) throw new Error(`connection ${number} is closed`)
    return connection
  }

  async disconnect(number: number): Promise<void> {
    const connection = this.connection(number)
    this.#connections[number] = undefined
    await connection.close()
  }

  // Dropping the files lets go of their handles; a worker that is only terminated does so some time later.
  async close(): Promise<void> {
    await this.#database.reset()
    await this.#database.dropFiles()
    this.#worker.terminate()
  }
}
