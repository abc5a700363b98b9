import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { buildIfStale } from '../cli/build.ts'
import { Client } from '../cli/client.ts'
import { startServer } from '../cli/server.ts'
import { asNginx } from '../src/lib/sample/lines.ts'
import { traffic } from '../src/lib/sample/traffic.ts'
import { flushLimit } from '../workers/store/flush.ts'
import { quantile, short, type Section } from './report.ts'

const count = Number(process.env.LOGGIA_BENCH_LINES ?? 300_000)
const batchSize = 1_000
const senders = 4
/** So many batches leave a site's log below what makes it flush at once. */
const unflushedBatches = 15
const warmup = 30
/** So many batches make the parts of a site whose merging the next ones meet; on so many sites, one after another. */
const mergedBatches = 60
const mergingSites = 8

type Body = Uint8Array<ArrayBuffer>
type Send = (some: Body[]) => Promise<Sent>

/** Lines a second that are acknowledged, and how long each batch waits for that, in milliseconds. */
interface Sent {
  lines: number
  seconds: number
  waits: number[]
}

/** Batches of a thousand lines until they are acknowledged, against a Worker that only reads them. */
export async function measure(): Promise<Section> {
  await buildIfStale()
  const bodies = makeBodies(Date.now())
  const { idle, flushing, merging } = await sendToLoggia(bodies)
  const reading = await sendToReader(bodies)
  const row = (name: string, { lines, seconds, waits }: Sent) => [
    name,
    `${short(lines / seconds / 1_000)} k lines/s`,
    `${short(quantile(waits, 0.5))} ms`,
    `${short(quantile(waits, 0.99))} ms`
  ]
  const ratio = (ours: Sent) => (rateOf(ours) / rateOf(reading)).toFixed(2)
  return {
    title: 'Append',
    how: `${count.toLocaleString('en')} lines as forwarders/nginx/loggia.conf writes them, with request ids, in gzip batches of ${batchSize} from ${senders} senders, through local workerd until acknowledged: to sites that do not flush yet, to one that flushes all the while, and to ${mergingSites} while their parts of a finished day are merged; against a Worker in the same runtime that decompresses the same bodies and does nothing with them.`,
    columns: ['what', 'acknowledged', 'p50 of the answer', 'p99'],
    rows: [
      [
        '**Loggia ÷ only reading, lines a second**',
        `**${ratio(idle)}** idle, **${ratio(flushing)}** flushing`,
        '',
        ''
      ],
      row('Loggia, idle', idle),
      row('Loggia, flushing', flushing),
      row('Loggia, merging', merging),
      row('only reading', reading)
    ]
  }
}

const rateOf = ({ lines, seconds }: Sent) => lines / seconds

function makeBodies(to: number): Body[] {
  const bodies: Body[] = []
  let lines: string[] = []
  for (const request of traffic({ seed: 1, from: to - 3_600_000, to, hits: count })) {
    lines.push(asNginx(request))
    if (lines.length < batchSize) continue
    bodies.push(new Uint8Array(gzipSync(lines.join('\n'))))
    lines = []
  }
  return bodies
}

async function sendToLoggia(bodies: Body[]): Promise<{ idle: Sent; flushing: Sent; merging: Sent }> {
  const data = mkdtempSync(join(tmpdir(), 'loggia-bench-'))
  const server = await startServer({ data })
  try {
    const client = await Client.signIn(server.url, server.password)
    const to = async (site: string): Promise<Send> => {
      const Authorization = `Bearer ${await client.createToken(site)}`
      return (some) => post(`${server.url}/api/ingest`, some, { Authorization })
    }
    const warm = await to('warmup')
    await warm(bodies.slice(0, warmup))
    await client.waitForRows('warmup', Math.min(bodies.length, warmup) * batchSize)
    const rounds: Sent[] = []
    for (let start = 0; start < bodies.length; start += unflushedBatches) {
      const send = await to(`idle-${start}`)
      rounds.push(await send(bodies.slice(start, start + unflushedBatches)))
    }
    const send = await to('flushing')
    const flushing = await send(bodies)
    await client.waitForRows('flushing', bodies.length * batchSize, 60_000)
    const merging = await sendWhileMerging(client, to)
    return { idle: sum(rounds), flushing, merging }
  } finally {
    await server.stop()
    rmSync(data, { recursive: true, force: true })
  }
}

/** What is sent to sites whose log is empty and whose parts of a finished day become one meanwhile. */
async function sendWhileMerging(client: Client, to: (site: string) => Promise<Send>): Promise<Sent> {
  const bodies = makeBodies(Date.now() - 3 * 86_400_000)
  const [filling, meeting] = [
    bodies.slice(0, mergedBatches),
    bodies.slice(mergedBatches).slice(0, unflushedBatches)
  ]
  const rounds: Sent[] = []
  for (let round = 0; round < mergingSites; round++) {
    const site = `merging-${round}`
    const send = await to(site)
    await send(filling)
    await client.waitForRows(site, mergedBatches * batchSize)
    const before = await mergedParts(client, site)
    rounds.push(await send(meeting))
    // It has begun when the last hits were flushed, and those that met it are too few to be flushed yet.
    const deadline = Date.now() + 30_000
    while ((await mergedParts(client, site)).every((id) => before.includes(id))) {
      if (Date.now() > deadline)
        throw new Error(`the parts of ${site} were not merged after they were sent to`)
      await sleep(100)
    }
  }
  return sum(rounds)
}

async function mergedParts(client: Client, site: string): Promise<string[]> {
  const { parts } = await client.manifest(site)
  return parts.filter(({ rows }) => rows > flushLimit).map(({ id }) => id)
}

const reader = `export default {
  async fetch(request) {
    await new Response(request.body.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer()
    return Response.json({ rejected: 0 })
  }
}`

async function sendToReader(bodies: Body[]): Promise<Sent> {
  const runtime = new Miniflare(
    convertV4MiniflareOptions({ modules: true, script: reader, compatibilityDate: '2026-10-01' })
  )
  try {
    const { href } = await runtime.ready
    await post(href, bodies.slice(0, warmup))
    return await post(href, bodies)
  } finally {
    await runtime.dispose()
  }
}

async function post(url: string, bodies: Body[], headers: Record<string, string> = {}): Promise<Sent> {
  const waits: number[] = []
  const start = performance.now()
  let next = 0
  const sender = async () => {
    while (next < bodies.length) {
      const body = bodies[next++]!
      const sent = performance.now()
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'Content-Encoding': 'gzip', 'Content-Type': 'application/x-ndjson' },
        body
      })
      const answer = (await response.json()) as { rejected?: number }
      if (!response.ok || answer.rejected)
        throw new Error(`a batch is answered ${response.status}: ${JSON.stringify(answer)}`)
      waits.push(performance.now() - sent)
    }
  }
  await Promise.all(Array.from({ length: senders }, sender))
  return { lines: bodies.length * batchSize, seconds: (performance.now() - start) / 1_000, waits }
}

function sum(rounds: readonly Sent[]): Sent {
  return {
    lines: rounds.reduce((total, { lines }) => total + lines, 0),
    seconds: rounds.reduce((total, { seconds }) => total + seconds, 0),
    waits: rounds.flatMap(({ waits }) => waits)
  }
}
