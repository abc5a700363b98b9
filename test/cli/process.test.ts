import { spawn } from 'node:child_process'
import { expect, it, vi } from 'vitest'
import { processes } from '../../cli/process-table.ts'
import { runQuietly } from '../../cli/process.ts'

const runner = new URL('./quiet.ts', import.meta.url).pathname

it('a command ends with the process that runs it, also by kill -9', async () => {
  const seconds = String(10_000 + process.pid)
  const child = spawn(process.execPath, [runner, 'sleep', seconds], { stdio: 'ignore' })
  const sleeps = () => processes().filter(({ command }) => command === `sleep ${seconds}`)
  await vi.waitUntil(() => sleeps().length === 1, { timeout: 30_000 })
  child.kill('SIGKILL')
  await vi.waitUntil(() => sleeps().length === 0, { timeout: 30_000 })
}, 70_000)

it('a command that fails says what it printed and how it ended', async () => {
  await expect(runQuietly('sh', ['-c', 'echo why; exit 3'])).rejects.toThrow(/^why\nsh -c .* ended with 3$/)
  await expect(runQuietly('true', [])).resolves.toBeUndefined()
})
