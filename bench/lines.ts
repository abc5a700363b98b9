import { execFileSync } from 'node:child_process'
import { createReadStream, createWriteStream, existsSync, mkdirSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../cli/process.ts'
import { asBallcone, asCombined } from '../src/lib/sample/lines.ts'
import { traffic } from '../src/lib/sample/traffic.ts'

/** The same requests twice: line k of one file is line k of the other. */
export interface Lines {
  count: number
  combined: string
  json: string
}

const folder = join(root, 'node_modules/.cache/loggia/bench')
const foreign = join(root, '../shared/data/gen_log.py')

/** Makes `count` lines, or takes those of an earlier run: by `gen_log.py` where it is, else by our own generator. */
export async function makeLines(count: number): Promise<Lines> {
  mkdirSync(folder, { recursive: true })
  const combined = join(folder, `${count}.log`)
  const json = join(folder, `${count}.ndjson`)
  if (!existsSync(json)) {
    if (existsSync(foreign))
      execFileSync('python3', [
        foreign,
        '-n',
        String(count),
        '--seed',
        '1',
        '--combined',
        combined,
        '--json',
        json
      ])
    else await writeOurs(count, combined, json)
  }
  return { count, combined, json }
}

async function writeOurs(count: number, combined: string, json: string): Promise<void> {
  const to = Date.parse('2026-11-01T00:00:00Z')
  const files = [createWriteStream(combined), createWriteStream(json)] as const
  for (const request of traffic({ seed: 1, from: to - 30 * 86_400_000, to, hits: count })) {
    const isRoom = [files[0].write(`${asCombined(request)}\n`), files[1].write(`${asBallcone(request)}\n`)]
    for (const [i, file] of files.entries()) if (!isRoom[i]) await once(file, 'drain')
  }
  for (const file of files) {
    file.end()
    await once(file, 'finish')
  }
}

/** The lines of a file in batches of `size`. */
export async function* batches(file: string, size: number): AsyncGenerator<string[]> {
  let batch: string[] = []
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    batch.push(line)
    if (batch.length === size) {
      yield batch
      batch = []
    }
  }
  if (batch.length) yield batch
}

/** A site of more lines has these in every month. */
export const aMonth = 1_000_000

/** Lines in Ballcone's JSON, so many days earlier. */
export function earlier(lines: readonly string[], days: number): string[] {
  if (!days) return [...lines]
  return lines.map((line) =>
    line.replace(/(?<="date": ?")[^"]+/, (date) => {
      const time = Date.parse(date) - days * 86_400_000
      return new Date(time).toISOString().replace('.000Z', '+00:00')
    })
  )
}
