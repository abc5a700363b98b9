import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Program {
  /** Ends it, by default as a system does that shuts down, and waits until it is gone. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

/** Starts a program of the system and waits until `isReady`; throws with its output when it ends or takes 10 s. */
export async function startProgram(
  command: string,
  args: string[],
  isReady: () => boolean | Promise<boolean>
): Promise<Program> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  const atExit = () => child.kill('SIGKILL')
  process.once('exit', atExit)
  const stop: Program['stop'] = async (signal = 'SIGTERM') => {
    child.kill(signal)
    await Promise.race([ended, sleep(5_000, undefined, { ref: false })])
    child.kill('SIGKILL')
    await ended
    process.off('exit', atExit)
  }
  const deadline = Date.now() + 10_000
  while (!(await isReady())) {
    const isOver = child.exitCode !== null
    if (!isOver && Date.now() < deadline) await sleep(50)
    else {
      await stop()
      throw new Error(
        `${command} ${isOver ? `ended with ${child.exitCode}` : 'is not ready after 10 s'}\n${output}`
      )
    }
  }
  return { stop }
}

/** Replaces each key of `changes` by its value; a key that the text does not hold is an error. */
export function substitute(text: string, changes: Record<string, string>): string {
  for (const [from, to] of Object.entries(changes)) {
    if (!text.includes(from)) throw new Error(`the configuration has no ${JSON.stringify(from)} to replace`)
    text = text.replaceAll(from, to)
  }
  return text
}

/** Whether something accepts connections on a port of this machine; says nothing to it. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
