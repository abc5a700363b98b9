import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { takePage } from './build.ts'
import { claimFolder } from './folder.ts'
import { openFront } from './front.ts'
import type { PageCopy } from './page-copy.ts'
import { claimPort } from './port.ts'
import { groupOf } from './process-table.ts'
import { root, spawnGuarded } from './process.ts'
import { makeSecret } from './secret.ts'

interface ServerOptions {
  /** The folder that keeps the data and the password; made when missing. */
  data: string
  /** 0 or nothing: any free one. */
  port?: number
  /** The address to listen on; this machine only by default. */
  host?: string
  /** Gives a port for what is behind the front: a free one. */
  claimInner?: () => Promise<number>
}

export interface Server {
  url: string
  /** The password of the page, made on the first start in this data folder. */
  password: string
  /** Signs in once, in the hour after this start; null where the owner has put a LOGGIA_SETUP into the folder. */
  secret: string | null
  /** Ends the server and waits until it is gone. */
  stop(): Promise<void>
  /** Ends it as a power cut would. */
  kill(): Promise<void>
  /** Resolves when the server has ended, for whatever reason. */
  ended: Promise<void>
}

const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js')

/** Local observability writes every request into a database that grows without bound; the rest would call home. */
const quiet = {
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_WRITE_LOGS: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  X_LOCAL_OBSERVABILITY: 'false',
  X_LOCAL_EXPLORER: 'false',
  NO_COLOR: '1'
}

/** wrangler is ten megabytes of JavaScript, which take half of its start to compile. */
const compiled = join(root, 'node_modules/.cache/loggia/compiled')

/** Starts the Worker on this machine by `wrangler dev` and waits until it answers. The data folder is its own until it ends. */
export async function startServer({
  data,
  port = 0,
  host = '127.0.0.1',
  claimInner = claimPort
}: ServerOptions): Promise<Server> {
  mkdirSync(resolve(data), { recursive: true, mode: 0o700 })
  const folder = realpathSync(data)
  const usedPort = await claimPort(port, host)
  const url = `http://${/^(0\.0\.0\.0|127\.0\.0\.1|::)$/.test(host) ? 'localhost' : host}:${usedPort}`
  const claimed = claimFolder(folder, url)
  let page: PageCopy | undefined
  const release = () => {
    page?.release()
    claimed.release()
  }
  try {
    page = await takePage()
    // A build takes long enough for somebody else to take the port.
    await claimPort(usedPort, host)
    const { note } = claimed
    for (let tried = 1; ; tried++) {
      const inner = await claimInner()
      try {
        return await serve({ folder, port: usedPort, inner, host, url, page: page.folder, note, release })
      } catch (error) {
        if (tried === mostTries || !(error instanceof InnerPortTaken)) throw error
      }
    }
  } catch (error) {
    release()
    throw error
  }
}

/** The port behind the front is ours to choose: until wrangler takes it, any program of the machine may. */
const mostTries = 5

class InnerPortTaken extends Error {
  override name = 'InnerPortTaken'
}

interface Claimed {
  folder: string
  port: number
  /** Where wrangler listens, behind the front. */
  inner: number
  host: string
  url: string
  /** The folder of the page. */
  page: string
  /** Takes the group of the server's processes. */
  note(group: number): void
  /** Releases the folders. */
  release(): void
}

async function serve({ folder, port, inner, host, url, page, note, release }: Claimed): Promise<Server> {
  const secrets = join(folder, 'secrets.env')
  const password = readPassword(secrets)
  // In a file, since everybody on this machine can read the arguments of a program.
  const proof = randomBytes(32).toString('base64url')
  const front = join(folder, 'front.env')
  const secret = hasSetup(secrets) ? null : makeSecret(1, Date.now())
  const setup = secret === null ? '' : `LOGGIA_SETUP=${secret}\n`
  writeFileSync(front, `LOGGIA_FRONT=${proof}\n${setup}`, { mode: 0o600 })
  const flags = {
    config: join(root, 'wrangler.toml'),
    ip: '127.0.0.1',
    port: inner,
    'inspector-port': 0,
    assets: page,
    'persist-to': folder,
    'env-file': secrets,
    // The Worker answers to no other name: a page whose name is made to point here is not answered.
    var: `LOGGIA_EMBEDDED:${host}`,
    'log-level': 'warn',
    'show-interactive-dev-session': false
  }
  const args = [...Object.entries(flags).map(([name, value]) => `--${name}=${value}`), `--env-file=${front}`]
  // wrangler leaves workerd running when only itself is killed: a group of its own can be killed whole.
  const child = spawnGuarded(process.execPath, [wrangler, 'dev', ...args], {
    ...quiet,
    NODE_COMPILE_CACHE: compiled,
    // Else in the home folder, which may be on another disk.
    XDG_CONFIG_HOME: folder
  })
  const group = child.pid!
  const output = collect(child)
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  let closeFront = () => {}
  const end = async (signal: NodeJS.Signals) => {
    await endProcesses(signal)
    release()
  }
  const endProcesses = async (signal: NodeJS.Signals) => {
    closeFront()
    signalGroup(group, signal)
    await Promise.race([ended, sleep(5_000, undefined, { ref: false })])
    // workerd outlives wrangler by a moment, holds the port and writes.
    while (signalGroup(group, 'SIGKILL') && groupOf(group).length > 0) await sleep(20)
    await ended
  }
  try {
    note(group)
    closeFront = await openFront({ host, port, inner, proof })
    await untilHealthy(url, child, output)
  } catch (error) {
    await endProcesses('SIGKILL')
    const isTaken = output().includes(`Address already in use (127.0.0.1:${inner})`)
    const message = `the server on port ${port} does not start: ${(error as Error).message}\n${output()}`
    throw new (isTaken ? InnerPortTaken : Error)(message, { cause: error })
  }
  return { url, password, secret, ended, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}

function readPassword(file: string): string {
  const name = 'LOGGIA_PASSWORD'
  if (!existsSync(file))
    writeFileSync(file, `${name}=${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 })
  const match = new RegExp(`^${name}=(.+)$`, 'm').exec(readFileSync(file, 'utf8'))
  if (!match) throw new Error(`${file} has no line ${name}=…`)
  return match[1]!
}

const hasSetup = (file: string) => /^LOGGIA_SETUP=./m.test(readFileSync(file, 'utf8'))

function collect(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text = (text + part).slice(-8_000)
      if (process.env.LOGGIA_VERBOSE) process.stderr.write(part)
    })
  return () => text.trim()
}

/** False when the whole group has gone already. */
function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-group, signal)
  } catch {
    return false
  }
}

async function untilHealthy(url: string, child: ChildProcess, output: () => string) {
  const deadline = Date.now() + 60_000
  let last = 'no answer'
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`wrangler ended with ${child.exitCode}`)
    // wrangler would wait for a better source.
    if (output().includes('Build failed')) throw new Error('the Worker does not build')
    try {
      const { status } = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(5_000) })
      if (status === 200) return
      last = `GET /api/health answers ${status}`
    } catch (error) {
      last = String((error as Error).cause ?? error)
    }
    await sleep(100)
  }
  throw new Error(`${last} for 60 s`)
}
