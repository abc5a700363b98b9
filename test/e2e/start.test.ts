import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Client } from '../../cli/client.ts'
import { claimFolder } from '../../cli/folder.ts'
import { root } from '../../cli/process.ts'
import { birthOf, groupOf } from '../../cli/process-table.ts'
import { claimPort } from '../../cli/port.ts'
import { startServer } from '../../cli/server.ts'

interface Holder {
  starter: { pid: number }
  server: { pid: number }
}

const holderOf = (data: string) => JSON.parse(readFileSync(join(data, 'server.json'), 'utf8')) as Holder

/** The workerd that wrangler listens with; the other one, on any port, runs the Worker. */
function listeningWorkerd(data: string): number {
  const found = groupOf(holderOf(data).server.pid).filter(({ command }) =>
    / --socket-addr=entry=127\.0\.0\.1:[1-9]/.test(command)
  )
  expect(found).toHaveLength(1)
  return found[0]!.pid
}

it('ends with a sentence when its workerd is killed', async () => {
  const data = mkdtempSync(join(tmpdir(), 'loggia-start-'))
  const port = await claimPort()
  const args = [join(root, 'cli/start.ts'), '--empty', `--port=${port}`, `--data=${data}`]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = new Promise<number | null>((done) => child.once('exit', done))
  try {
    await expect.poll(() => output, { timeout: 60_000 }).toContain('Ctrl-C stops it')
    process.kill(listeningWorkerd(data), 'SIGKILL')
    expect(await Promise.race([ended, new Promise((done) => setTimeout(done, 50_000, 'hangs'))])).toBe(1)
    expect(output).toContain(
      'The server answers no more and was ended: its workerd was killed, has crashed, or hangs.'
    )
    await expect(claimPort(port)).resolves.toBe(port)
  } finally {
    child.kill('SIGTERM')
    await ended
    rmSync(data, { recursive: true, force: true })
  }
}, 150_000)

const argsOf = (port: number, data: string) => ['start', '--', '--empty', `--port=${port}`, `--data=${data}`]

/** Starts it as a user does, and waits until it says that it runs. */
async function npmStart(port: number, data: string, inTerminal = false) {
  const args = argsOf(port, data)
  const [program, given] = inTerminal ? terminal(['npm', ...args]) : ['npm', args]
  // A group of its own, as a terminal gives it.
  const child = spawn(program, given, { cwd: root, detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  await vi.waitUntil(() => output.includes('Ctrl-C stops it') || child.exitCode !== null, {
    timeout: 120_000
  })
  const { starter, server } = holderOf(data)
  return { child, starter: starter.pid, group: server.pid, output: () => output }
}

/** Runs a command in a terminal: what `script` reads is typed there. */
const terminal = (command: string[]): [string, string[]] => [
  'script',
  ['-qec', command.join(' '), '/dev/null']
]

it('starts though somebody has guessed passwords from this machine, and signs the owner in', async () => {
  const data = mkdtempSync(join(tmpdir(), 'loggia-start-'))
  const first = await startServer({ data })
  await expect(Client.signIn(first.url, 'a guess')).rejects.toThrow('401')
  await first.stop()
  const folder = join(data, 'v3/do/loggia-Directory')
  const file = readdirSync(folder).find((name) => /^[0-9a-f]{64}\.sqlite$/.test(name))!
  const directory = new DatabaseSync(join(folder, file))
  directory.prepare('update attempt set failures = 20, last = ?').run(Date.now())
  directory.close()
  const port = await claimPort()
  const started = await npmStart(port, data)
  try {
    const password = /^LOGGIA_PASSWORD=(.+)$/m.exec(readFileSync(join(data, 'secrets.env'), 'utf8'))![1]!
    await expect(Client.signIn(`http://localhost:${port}`, password)).rejects.toThrow('429')
    const key = /sign-in#key=(\S+)/.exec(started.output())![1]
    const answer = await fetch(`http://localhost:${port}/api/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Loggia': '1' },
      body: JSON.stringify({ key })
    })
    expect(answer.status).toBe(200)
  } finally {
    process.kill(started.starter, 'SIGTERM')
    await vi.waitUntil(() => groupOf(started.group).length === 0, { timeout: 60_000 })
    rmSync(data, { recursive: true, force: true })
  }
}, 300_000)

type Started = Awaited<ReturnType<typeof npmStart>>

describe('npm start', () => {
  let data: string
  let port: number
  beforeEach(async () => {
    data = mkdtempSync(join(tmpdir(), 'loggia-start-'))
    port = await claimPort()
  })
  afterEach(() => rmSync(data, { recursive: true, force: true }))

  const kill = (pid: number | undefined, signal: NodeJS.Signals) => process.kill(pid!, signal)

  it.each<[string, 'terminal' | 'alone', (started: Started) => unknown]>([
    ['Ctrl-C in its terminal', 'terminal', ({ child }) => child.stdin.write('\x03')],
    ['the end of its terminal', 'terminal', ({ child }) => kill(child.pid, 'SIGKILL')],
    ['SIGINT to npm', 'alone', ({ child }) => kill(child.pid, 'SIGINT')],
    ['SIGTERM to npm', 'alone', ({ child }) => kill(child.pid, 'SIGTERM')],
    ['SIGKILL to npm', 'alone', ({ child }) => kill(child.pid, 'SIGKILL')],
    ['SIGKILL to the program that npm runs', 'alone', ({ starter }) => kill(starter, 'SIGKILL')]
  ])(
    'ends with all its processes by %s',
    async (_, place, end) => {
      const started = await npmStart(port, data, place === 'terminal')
      try {
        // Meanwhile, a second start names who holds the port and the folder.
        const holder = new RegExp(`Loggia at http://localhost:${port} \\(process ${started.starter}, since`)
        await expect(claimPort(port)).rejects.toThrow(holder)
        await expect(startServer({ data })).rejects.toThrow(holder)
        end(started)
        await vi.waitUntil(() => groupOf(started.group).length === 0, { timeout: 60_000 })
        await vi.waitUntil(() => birthOf(started.starter) === null, { timeout: 60_000 })
        await expect(claimPort(port)).resolves.toBe(port)
        claimFolder(data, 'http://localhost').release()
      } finally {
        if (groupOf(started.group).length > 0) kill(-started.group, 'SIGKILL')
      }
    },
    300_000
  )

  it('does not serve if npm is killed while it installs the packages', async () => {
    const slow = `process.argv[1]?.endsWith('install.js')&&await(new(Promise)(done=>setTimeout(done,2000)))`
    const npm = spawn('npm', argsOf(port, data), {
      cwd: root,
      detached: true,
      stdio: 'ignore',
      env: { ...process.env, NODE_OPTIONS: `--import=data:text/javascript,${slow}` }
    })
    const own = () => groupOf(npm.pid!).map(({ command }) => command)
    await vi.waitUntil(() => own().includes('node cli/install.js'), { timeout: 60_000, interval: 10 })
    npm.kill('SIGKILL')
    await vi.waitUntil(() => own().some((command) => command.includes('cli/start.ts')), {
      timeout: 60_000,
      interval: 10
    })
    await vi.waitUntil(() => own().length === 0, { timeout: 60_000 })
    expect(existsSync(join(data, 'server.json'))).toBe(false)
  }, 150_000)
})
