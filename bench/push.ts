import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '../cli/client.ts'
import { root, which } from '../cli/process.ts'
import { startServer } from '../cli/server.ts'
import { makeLines } from './lines.ts'
import { short, type Section } from './report.ts'

const count = Number(process.env.LOGGIA_BENCH_LINES ?? 1_000_000)

/** `loggia push` of one compressed log until the last part is committed, against GoAccess reading the same file. */
export async function measure(): Promise<Section> {
  const { combined } = await makeLines(count)
  const file = pack(combined)
  const goaccess = readByGoAccess(file)
  const { acknowledged, committed, again, memory } = await push(file)
  const perSecond = (seconds: number) => `${short(count / seconds / 1000)} k lines/s (${short(seconds)} s)`
  return {
    title: 'Push',
    how: `\`loggia push\` of ${count.toLocaleString('en')} lines in combined format, one .gz of ${short(statSync(file).size / 1e6)} MB, to local workerd on the same cores, until the last part is committed; GoAccess reads what gzip unpacks of it into its report.`,
    columns: ['what', 'figure'],
    rows: [
      ['**Loggia ÷ GoAccess, lines a second**', `**${(goaccess / committed).toFixed(2)}**`],
      ['Loggia', perSecond(committed)],
      ['GoAccess', perSecond(goaccess)],
      ['all acknowledged, and push ends, after', `${short(acknowledged)} s`],
      ['the same push again', `${short(again)} s`],
      ['memory of push at most', `${short(memory / 1e6)} MB resident`]
    ]
  }
}

function pack(file: string): string {
  const packed = `${file}.gz`
  if (!existsSync(packed)) execFileSync('gzip', ['-k', file])
  return packed
}

/** Seconds GoAccess takes for a compressed file. */
function readByGoAccess(file: string): number {
  const program = which('goaccess')
  if (!program) throw new Error('goaccess is not installed: apt-get install goaccess')
  const report = join(tmpdir(), 'goaccess.json')
  const script = 'gzip -dc "$1" | "$2" - --log-format=COMBINED --no-progress -o "$3"'
  const start = performance.now()
  execFileSync('sh', ['-c', script, 'sh', file, program, report], { stdio: ['ignore', 'ignore', 'inherit'] })
  return (performance.now() - start) / 1000
}

async function push(file: string) {
  const data = mkdtempSync(join(tmpdir(), 'loggia-bench-'))
  const server = await startServer({ data })
  try {
    const client = await Client.signIn(server.url, server.password)
    const env = {
      PATH: process.env.PATH,
      XDG_STATE_HOME: join(data, 'state'),
      LOGGIA_URL: server.url,
      LOGGIA_TOKEN: await client.createToken('bench')
    }
    const start = performance.now()
    const { accepted, memory } = await run(file, env)
    const acknowledged = seconds(start)
    await client.waitForRows('bench', accepted, 600_000)
    const committed = seconds(start)
    const restart = performance.now()
    await run(file, env)
    return { acknowledged, committed, again: seconds(restart), memory }
  } finally {
    await server.stop()
    rmSync(data, { recursive: true, force: true })
  }
}

const seconds = (start: number) => (performance.now() - start) / 1000

/** Runs `loggia push`; gives the hits that it counts, and its peak memory in bytes. */
async function run(file: string, env: Record<string, string | undefined>) {
  const report = `process.on('exit', () => console.error('rss ' + process.resourceUsage().maxRSS))`
  const hook = `data:text/javascript,${encodeURIComponent(report)}`
  const args = [`--import=${hook}`, join(root, 'cli/loggia.ts'), 'push', file]
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const [code] = (await once(child, 'close')) as [number]
  if (code !== 0) throw new Error(`push ended with ${code}: ${output}`)
  const [, hits = ''] =
    /: ([\d,]+) hits?\b/.exec(output.split('\n').find((line) => line.includes(' in ')) ?? '') ?? []
  return {
    accepted: Number(hits.replaceAll(',', '')),
    memory: Number(/^rss (\d+)$/m.exec(output)?.[1]) * 1024
  }
}
