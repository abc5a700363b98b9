import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { buildIfStale } from '../../cli/build.ts'
import { claimPort } from '../../cli/port.ts'
import { root } from '../../cli/process.ts'
import { kit } from '../../cli/turn.ts'

/** What a build, a server and their commands need; the packages are shared. */
const parts = [
  'build',
  'cli',
  'forwarders',
  'package-lock.json',
  'package.json',
  'src',
  'static',
  'svelte.config.js',
  'tsconfig.json',
  'vite.config.ts',
  'workers',
  'wrangler.toml'
]

/** A server that `npm start` of a checkout runs. */
export interface Started {
  url: string
  /** What the command has said. */
  output(): string
  stop(): Promise<void>
}

/** A copy of this project, built, whose sources a test may change. */
export class Checkout {
  readonly folder = mkdtempSync(join(tmpdir(), 'loggia-checkout-'))
  readonly #started: Started[] = []

  static async make(): Promise<Checkout> {
    await buildIfStale()
    const checkout = new Checkout()
    // Not `cpSync`: it gives folders the time of the copy, and the build would be older than its sources.
    const copy = (names: string[], folder: string) =>
      execFileSync('cp', ['-pR', ...names, join(checkout.folder, folder)], { cwd: root })
    copy(parts, '.')
    mkdirSync(join(checkout.folder, '.svelte-kit'))
    // Not the pages of servers that start and stop meanwhile.
    const own = readdirSync(kit).filter((name) => !['lock', 'served'].includes(name))
    copy(
      own.map((name) => join(kit, name)),
      '.svelte-kit'
    )
    symlinkSync(join(root, 'node_modules'), join(checkout.folder, 'node_modules'))
    return checkout
  }

  /** Makes the page a newer one that holds this text. */
  change(text: string): void {
    appendFileSync(join(this.folder, 'src/app.html'), `<!-- ${text} -->\n`)
  }

  /** Starts a server on a new data folder and waits until it is ready. Throws with its output if it is not. */
  async start(name: string): Promise<Started> {
    const port = await claimPort()
    const data = join(this.folder, 'data', name)
    const args = [join(this.folder, 'cli/start.ts'), '--empty', `--port=${port}`, `--data=${data}`]
    const child = spawn(process.execPath, args, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] })
    const ended = once(child, 'exit')
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    const stop = async () => {
      child.kill('SIGTERM')
      await ended
    }
    const started = { url: `http://127.0.0.1:${port}`, output: () => output, stop }
    this.#started.push(started)
    await vi.waitUntil(() => output.includes('Ctrl-C stops it') || child.exitCode !== null, {
      timeout: 180_000
    })
    if (child.exitCode !== null) throw new Error(`the start ended with ${child.exitCode}: ${output}`)
    return started
  }

  async remove(): Promise<void> {
    await Promise.all(this.#started.map(({ stop }) => stop()))
    rmSync(this.folder, { recursive: true })
  }
}
