import { asNginx } from '#lib/sample/lines.ts'
import { traffic } from '#lib/sample/traffic.ts'
import type { Reading } from './read.ts'

const days = 30
const hits = 60_000
const chunkLines = 2_000

/** The traffic of an imagined site in the month up to now, as nginx would log it. */
export async function* sampleLines(reading: Reading, now: number): AsyncGenerator<Uint8Array> {
  const text = new TextEncoder()
  let lines: string[] = []
  reading.size = hits
  for (const request of traffic({ seed: 7, from: now - days * 86_400_000, to: now, hits })) {
    lines.push(asNginx(request, 'sample'))
    if (lines.length < chunkLines) continue
    yield text.encode(`${lines.join('\n')}\n`)
    reading.bytes += lines.length
    lines = []
  }
  yield text.encode(`${lines.join('\n')}\n`)
  reading.bytes = hits
}
