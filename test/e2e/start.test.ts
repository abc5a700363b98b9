import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { buildIfStale } from '../../cli/build.ts'
import { capture, root } from '../../cli/process.ts'
import { claimPort } from '../../cli/server.ts'

/** The workerd that answers on a port. */
async function frontOf(port: number): Promise<number> {
  const { output } = await capture('ps', ['-eo', 'pid=,args='])
  const lines = output.split('\n').filter((line) => line.includes(`entry=127.0.0.1:${port}`))
  expect(lines).toHaveLength(1)
  return Number.parseInt(lines[0]!)
}

it('ends with a sentence when its workerd is killed', async () => {
  await buildIfStale()
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
    process.kill(await frontOf(port), 'SIGKILL')
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
