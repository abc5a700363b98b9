import { spawn, type SpawnOptions } from 'node:child_process'
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

/** Runs a command and shows what it prints only when it fails. */
export async function runQuietly(
  command: string,
  args: string[],
  env: Record<string, string> = {}
): Promise<void> {
  const { code, output } = await capture(command, args, env)
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

function outcome(command: string, args: string[], options: SpawnOptions) {
  return new Promise<{ code: number | string; output: string }>((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      ...options,
      env: { ...process.env, PATH: path, ...options.env }
    })
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
