import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from './process.ts'

export interface ServerOptions {
  /** The folder that keeps the data and the password; made when missing. */
  data: string
  /** 0 or nothing: any free one. */
  port?: number
  /** The address to listen on; this machine only by default. */
  host?: string
}

export interface Server {
  url: string
  /** The password of the page, made on the first start in this data folder. */
  password: string
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

/** Starts the Worker on this machine by `wrangler dev` and waits until it answers. */
export async function startServer({ data, port = 0, host = '127.0.0.1' }: ServerOptions): Promise<Server> {
  const folder = resolve(data)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const secrets = join(folder, 'secrets.env')
  const password = readPassword(secrets)
  const usedPort = await claimPort(port, host)
  const flags = {
    config: join(root, 'wrangler.toml'),
    ip: host,
    port: usedPort,
    'inspector-port': 0,
    'persist-to': folder,
    'env-file': secrets,
    // The Worker answers to no other name: a page whose name is made to point here is not answered.
    var: `LOGGIA_EMBEDDED:${host}`,
    'log-level': 'warn',
    'show-interactive-dev-session': false
  }
  const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`)
  const child = spawn(process.execPath, [wrangler, 'dev', ...args], {
    cwd: root,
    env: { ...process.env, ...quiet, NODE_COMPILE_CACHE: compiled },
    // wrangler leaves workerd running when only itself is killed: a group of its own can be killed whole.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const output = collect(child)
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  const end = async (signal: NodeJS.Signals) => {
    signalGroup(child, signal)
    await Promise.race([ended, sleep(5_000, undefined, { ref: false })])
    // workerd outlives wrangler by a moment and holds the port; its group stays until somebody asks how it ended.
    for (let tries = 0; signalGroup(child, 'SIGKILL') && tries < 40; tries++) {
      if (await isFree(usedPort, host)) break
      await sleep(50)
    }
    await ended
    process.off('exit', atExit)
  }
  const atExit = () => signalGroup(child, 'SIGKILL')
  process.once('exit', atExit)
  const url = `http://${/^(0\.0\.0\.0|127\.0\.0\.1|::)$/.test(host) ? 'localhost' : host}:${usedPort}`
  try {
    await untilHealthy(url, child, output)
  } catch (error) {
    await end('SIGKILL')
    throw new Error(
      `the server on port ${usedPort} does not start: ${(error as Error).message}\n${output()}`,
      { cause: error }
    )
  }
  return { url, password, ended, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}

function readPassword(file: string): string {
  const name = 'LOGGIA_PASSWORD'
  if (!existsSync(file))
    writeFileSync(file, `${name}=${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 })
  const match = new RegExp(`^${name}=(.+)$`, 'm').exec(readFileSync(file, 'utf8'))
  if (!match) throw new Error(`${file} has no line ${name}=…`)
  return match[1]!
}

/** A port that is free now: the one asked for, or any. */
export function claimPort(port = 0, host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`port ${port} on ${host} is in use: choose another by --port`)
          : error
      )
    )
    probe.listen(port, host, () => {
      const { port: claimed } = probe.address() as AddressInfo
      probe.close(() => resolve(claimed))
    })
  })
}

const isFree = (port: number, host: string): Promise<boolean> =>
  claimPort(port, host).then(
    () => true,
    () => false
  )

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
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-child.pid!, signal)
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
