import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Part } from '../src/lib/schema/manifest.ts'
import { openNative } from '../test/engine/native.ts'
import type { OwnStack } from '../test/e2e/stack.ts'
import { aMonth, batches, earlier, makeLines } from './lines.ts'

/** A site that is in parts, its days merged, and the same parts as files for a peer to read. */
export interface Site {
  name: string
  hits: number
  /** Those that are requests. */
  requests: number
  parts: readonly Part[]
  /** Newest first, as the page loads them. */
  files: readonly string[]
  /** What the address of the page says for all of its days. */
  period: string
}

const batchSize = 5_900
/** A merge of a day is done in less. */
const quiet = 8_000

/**
 * Sends so many lines to a site of their own and waits until nothing is left to merge. Of more than a million, a
 * million are of each month, of as many months as that makes, oldest first. Lines in combined format are of one month.
 */
export async function fillSite(
  stack: OwnStack,
  name: string,
  count: number,
  format: 'json' | 'combined' = 'json'
): Promise<Site> {
  const months = Math.ceil(count / aMonth)
  if (months > 1 && count % aMonth) throw new Error(`${count} lines are no whole months of ${aMonth}`)
  const { [format]: log } = await makeLines(count / months)
  const type = format === 'combined' ? { type: 'text/plain' } : {}
  let sent = 0
  const token = await stack.client.createToken(name)
  for (let left = months - 1; left >= 0; left--) {
    for await (const lines of batches(log, batchSize)) {
      const { body } = await stack.push(earlier(lines, left * 30), { token, encoding: 'gzip', ...type })
      sent += Number(body.accepted)
    }
    await stack.waitForRows(name, sent, 600_000)
  }
  const parts = await untilMerged(stack, name)
  const files = await fetchParts(stack, name, parts)
  return { name, hits: sent, requests: await countRequests(files), parts, files, period: periodOf(parts) }
}

async function untilMerged(stack: OwnStack, name: string): Promise<Part[]> {
  for (let version = -1, since = Date.now(); ; await sleep(500)) {
    const manifest = await stack.client.manifest(name)
    if (manifest.version === version && Date.now() - since > quiet) return manifest.parts
    if (manifest.version !== version) since = Date.now()
    version = manifest.version
  }
}

async function fetchParts({ client, data, url }: OwnStack, name: string, parts: readonly Part[]) {
  const folder = join(data, 'peer', name)
  mkdirSync(folder, { recursive: true })
  const files = []
  for (const { id } of [...parts].sort((a, b) => b.min_time - a.min_time)) {
    const response = await fetch(`${url}/api/sites/${name}/parts/${id}`, { headers: client.headers })
    if (!response.ok) throw new Error(`part ${id} of ${name} answers ${response.status}`)
    const file = join(folder, `${id}.parquet`)
    writeFileSync(file, new Uint8Array(await response.arrayBuffer()))
    files.push(file)
  }
  return files
}

async function countRequests(files: readonly string[]): Promise<number> {
  const connection = await openNative()
  const list = files.map((file) => `'${file}'`).join(', ')
  const { rows } = await connection.ask(`SELECT count(*) FROM read_parquet([${list}]) WHERE kind = 'request'`)
  await connection.close()
  return Number(rows[0]![0])
}

/** The local days of the first and the last hit. */
function periodOf(parts: readonly Part[]): string {
  const day = (time: number) => new Date(time).toLocaleDateString('sv')
  const from = Math.min(...parts.map(({ min_time }) => min_time))
  const to = Math.max(...parts.map(({ max_time }) => max_time))
  return `${day(from)},${day(to)}`
}
