import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Client } from '../cli/client.ts'
import { which } from '../cli/process.ts'
import { startServer } from '../cli/server.ts'
import { batches, makeLines } from './lines.ts'
import { short, type Section } from './report.ts'
import { measureStages } from './stages.ts'

const count = Number(process.env.LOGGIA_BENCH_LINES ?? 1_000_000)
/** What Fluent Bit makes of a backlog. */
const batchSize = 5_900
const senders = 4

/** A million lines over HTTP until the last part is committed, against GoAccess reading the same lines. */
export async function measure(): Promise<Section> {
  const lines = await makeLines(count)
  const goaccess = readByGoAccess(lines.combined)
  const bodies = []
  for await (const batch of batches(lines.json, batchSize))
    bodies.push(new Uint8Array(gzipSync(batch.join('\n'))))
  const ours = await send(bodies)
  const stages = await measureStages(lines.json)
  return {
    title: 'Ingest',
    how: `${count.toLocaleString('en')} lines as Ballcone's JSON, in gzip batches of ${batchSize} from ${senders} senders, from the first POST until the last part is committed, through local workerd; GoAccess reads the same lines in combined format into its report.`,
    columns: ['what', 'figure'],
    rows: [
      ['**Loggia ÷ GoAccess, lines a second**', `**${(goaccess / ours.seconds).toFixed(2)}**`],
      ['Loggia', `${short(count / ours.seconds / 1000)} k lines/s (${short(ours.seconds)} s)`],
      ['GoAccess', `${short(count / goaccess / 1000)} k lines/s (${short(goaccess)} s)`],
      ['all acknowledged after', `${short(ours.acknowledged)} s`],
      ['CPU of workerd', `${short((ours.cpu * 1e6) / count)} ms per 1,000 lines`],
      ['memory of workerd at most', `${short(ours.memory / 1e6)} MB resident`],
      ...stages.map(({ stage, ms }) => [`CPU of ${stage}, in Node`, `${short(ms)} ms per 1,000 lines`])
    ]
  }
}

/** Seconds GoAccess takes for a file. */
export function readByGoAccess(file: string): number {
  const program = which('goaccess')
  if (!program) throw new Error('goaccess is not installed: apt-get install goaccess')
  const start = performance.now()
  const { status, stderr } = spawnSync(
    program,
    [file, '--log-format=COMBINED', '--no-progress', '-o', join(tmpdir(), 'goaccess.json')],
    { stdio: ['ignore', 'ignore', 'pipe'] }
  )
  if (status !== 0) throw new Error(`goaccess ended with ${status}: ${String(stderr).slice(-300)}`)
  return (performance.now() - start) / 1000
}

async function send(bodies: Uint8Array<ArrayBuffer>[]) {
  const data = mkdtempSync(join(tmpdir(), 'loggia-bench-'))
  const others = new Set(findWorkerd())
  const server = await startServer({ data })
  try {
    const client = await Client.signIn(server.url, server.password)
    const headers = {
      Authorization: `Bearer ${await client.createToken('bench')}`,
      'Content-Encoding': 'gzip'
    }
    const start = performance.now()
    let next = 0
    let refused = 0
    const sender = async () => {
      while (next < bodies.length) {
        const response = await fetch(`${server.url}/api/ingest`, {
          method: 'POST',
          headers,
          body: bodies[next++]!
        })
        const { rejected } = (await response.json()) as { rejected?: number }
        if (!response.ok) throw new Error(`ingest answers ${response.status}`)
        refused += rejected ?? 0
      }
    }
    await Promise.all(Array.from({ length: senders }, sender))
    const acknowledged = (performance.now() - start) / 1000
    await client.waitForRows('bench', count - refused, 600_000)
    const seconds = (performance.now() - start) / 1000
    return { acknowledged, seconds, ...readProcesses(findWorkerd().filter((pid) => !others.has(pid))) }
  } finally {
    await server.stop()
    rmSync(data, { recursive: true, force: true })
  }
}

/** The workerd processes of this machine. */
function findWorkerd(): string[] {
  return readdirSync('/proc').filter((pid) => readProc(pid, 'comm').startsWith('workerd'))
}

/** CPU seconds of some processes, and the peak memory of the largest in bytes. */
function readProcesses(pids: string[]): { cpu: number; memory: number } {
  const tick = Number(execFileSync('getconf', ['CLK_TCK']).toString())
  const cpu = pids.map((pid) => {
    const fields = readProc(pid, 'stat').split(') ')[1]!.split(' ')
    return (Number(fields[11]) + Number(fields[12])) / tick
  })
  const memory = pids.map((pid) => Number(/VmHWM:\s+(\d+)/.exec(readProc(pid, 'status'))![1]) * 1024)
  return { cpu: cpu.reduce((sum, seconds) => sum + seconds, 0), memory: Math.max(...memory) }
}

/** Empty where the process has ended, or what is asked is no process. */
function readProc(pid: string, file: string): string {
  try {
    return /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/${file}`, 'utf8') : ''
  } catch {
    return ''
  }
}
