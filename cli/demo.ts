import { setTimeout as sleep } from 'node:timers/promises'
import { asNginx } from '../src/lib/sample/lines.ts'
import { traffic } from '../src/lib/sample/traffic.ts'
import { push, type Client } from './client.ts'

const site = 'demo'
const day = 86_400_000
const minute = 60_000
const seed = 2026
const batchLines = 5_000

/** Pushes a month of traffic up to now and waits until all of it is in parts; `onRows` hears how far it is. */
export async function pushMonth(client: Client, token: string, hits: number, onRows: (rows: number) => void) {
  const to = Date.now()
  let lines: string[] = []
  for (const request of traffic({ seed, from: to - 30 * day, to, hits })) {
    lines.push(asNginx(request, site))
    if (lines.length < batchLines) continue
    await send(client, token, lines)
    lines = []
  }
  if (lines.length > 0) await send(client, token, lines)
  await client.waitForRows(site, hits, 120_000, onRows)
}

/** Keeps traffic coming until it is stopped: lively for ten minutes, then little, so that a month stays a month. */
export async function trickle(client: Client, token: string, signal: AbortSignal): Promise<void> {
  for (let round = 0; !signal.aborted; round++) {
    const from = Date.now()
    const [length, hits] = round === 0 ? [10 * minute, 150] : [60 * minute, 180]
    await replay(traffic({ seed: from, from, to: from + length, hits }), client, token, signal)
    await sleep(Math.max(0, from + length - Date.now()), undefined, { signal }).catch(() => {})
  }
}

async function replay(
  requests: ReturnType<typeof traffic>,
  client: Client,
  token: string,
  signal: AbortSignal
) {
  const due: string[] = []
  for (const request of requests) {
    while (request.time > Date.now() && !signal.aborted) {
      if (due.length > 0) await send(client, token, due.splice(0)).catch(warn)
      await sleep(Math.max(1, Math.min(1_500, request.time - Date.now())), undefined, { signal }).catch(
        () => {}
      )
    }
    if (signal.aborted) return
    due.push(asNginx(request, site))
  }
  if (due.length > 0) await send(client, token, due).catch(warn)
}

const warn = (error: Error) => console.warn(`demo traffic: ${error.message}`)

async function send({ url }: Client, token: string, lines: string[]) {
  const { status, body } = await push(url, token, lines, { encoding: 'gzip' })
  if (status !== 200)
    throw new Error(`a batch of ${lines.length} lines is answered ${status}: ${JSON.stringify(body)}`)
}
