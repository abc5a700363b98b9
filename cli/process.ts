import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the project. */
export const root = fileURLToPath(new URL('..', import.meta.url))

const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter)

/** Runs a command of the project's or the system's in the project's folder and shows what it prints. */
export async function run(command: string, args: string[], options: SpawnOptions = {}): Promise<void> {
  const { code } = await outcome(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options })
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`)
}

/** Runs a command that ends with this process. Throws with the command's output if it fails. */
export async function runQuietly(
  command: string,
  args: string[],
  env: Record<string, string> = {}
): Promise<void> {
  const { code, output } = await outcomeOf(command, spawnGuarded(command, args, env))
  if (code !== 0) throw new Error(`${output.trim()}\n${command} ${args.join(' ')} ended with ${code}`)
}

/** Runs a command and keeps what it prints; a failure is an answer, not an error. */
export function capture(
  command: string,
  args: string[],
  env: Record<string, string> = {}
): Promise<{ code: number | string; output: string }> {
  return outcome(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env })
}

/**
 * Runs a command beside a guard that kills the whole process group once descriptor 3 is closed. The kernel closes it when
 * the process that started the command ends, however it ends.
 */
const guarded = `{ trap '' HUP INT TERM; read -r _; kill -KILL 0; } <&3 >/dev/null 2>&1 & exec "$@" 3<&-`

/** Starts a command in a process group of its own, which ends with this process, or with the command. */
export function spawnGuarded(command: string, args: string[], env: Record<string, string>): ChildProcess {
  const child = start('sh', ['-c', guarded, 'sh', command, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env
  })
  const guard = child.stdio[3]
  // The other end of the guard's descriptor goes when the group is killed.
  guard?.on('error', () => {})
  child.once('exit', () => guard?.destroy())
  return child
}

const outcome = (command: string, args: string[], options: SpawnOptions) =>
  outcomeOf(command, start(command, args, options))

const start = (command: string, args: string[], options: SpawnOptions): ChildProcess =>
  spawn(command, args, { cwd: root, ...options, env: { ...process.env, PATH: path, ...options.env } })

function outcomeOf(command: string, child: ChildProcess) {
  return new Promise<{ code: number | string; output: string }>((resolve, reject) => {
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.on('error', (error) => reject(new Error(`${command} does not start: ${error.message}`)))
    child.on('close', (code, signal) => resolve({ code: code ?? signal ?? 'nothing', output }))
  })
}

/** Where a program is on the PATH, or in the folders that only root has there; null where it is not. */
export function which(name: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Ends a script with a plain sentence instead of a stack. */
export function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
