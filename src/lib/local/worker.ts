import { takeSigned } from '#lib/accept/signed.ts'
import { createEnricher } from '#lib/enrich/enrich.ts'
import { readLists } from '#lib/enrich/crawler-lists.ts'
import { openRanges, type RangeIndex } from '#lib/enrich/geo.ts'
import { openCrawlers, type Prove } from '#lib/enrich/proof.ts'
import type { AcceptedHit, Hit } from '#lib/schema/hit.ts'
import type { Part } from '#lib/schema/manifest.ts'
import { answer, note } from '#lib/engine/remote.ts'
import { keepPart } from '#lib/device/cache.ts'
import { expectText, sniff, unpack } from './file.ts'
import type { LocalCalls, Order, Read } from './local.ts'
import { Parts } from './parts.ts'
import { nothingRead, readHits, type Reading } from './read.ts'

answer<LocalCalls>({
  read: (order) =>
    read(order).catch((error: unknown) => {
      throw new Error(explain(error), { cause: error })
    })
})

const headLength = 4096
const beat = 100

function explain(error: unknown): string {
  if (error instanceof DOMException && error.name === 'QuotaExceededError')
    return 'This device is full. Remove a site under “On this device” and try again.'
  return error instanceof Error ? error.message : String(error)
}

async function read({ site, files, now }: Order): Promise<Read> {
  const reading = nothingRead(files?.reduce((sum, { size }) => sum + size, 0) ?? 0)
  const enrich = await openEnricher(site)
  const parts = new Parts(now)
  const made: Part[] = []
  const keep = async (from: AsyncIterable<{ part: Part; bytes: Uint8Array<ArrayBuffer> }>) => {
    for await (const { part, bytes } of from) {
      await keepPart(site, part, bytes)
      made.push(part)
    }
  }
  const start = performance.now()
  let noted = 0
  for await (const hits of files ? readFiles(files, reading, now) : sample(reading, now)) {
    for (const { time } of hits) {
      reading.from = Math.min(reading.from ?? time, time)
      reading.to = Math.max(reading.to ?? time, time)
    }
    await keep(parts.add(hits.map(enrich)))
    reading.spent = performance.now() - start
    if (reading.spent - noted < beat) continue
    noted = reading.spent
    note(reading)
  }
  await keep(parts.finish())
  reading.spent = performance.now() - start
  if (!made.length) throw new Error(sayNothing(reading))
  note(reading)
  return { parts: made, reading }
}

function sayNothing({ lines, broken, refusals }: Reading): string {
  if (broken) return broken
  const [first] = refusals.samples
  if (!first) return 'The file has no lines.'
  return `None of ${lines} records is a request. The first: ${first.message}`
}

/** Places where the site's own server has them, and a salt a day that is never kept. */
async function openEnricher(site: string): Promise<(hit: AcceptedHit) => Hit> {
  const [country, network, crawlers] = await Promise.all([
    fetchRanges('country'),
    fetchRanges('network'),
    fetchCrawlers()
  ])
  const salts = new Map<string, Uint8Array>()
  const salt = (day: string) => {
    const known = salts.get(day) ?? crypto.getRandomValues(new Uint8Array(32))
    salts.set(day, known)
    return known
  }
  const enrich = createEnricher({ site, country, network, crawlers, salt })
  return (hit) => {
    if (isHit(hit)) return hit
    const taken = takeSigned(hit.extra)
    return { seq: 0, ...hit, ...(taken && { extra: taken.extra }), ...enrich(hit) }
  }
}

/** A Parquet file of ours says already what its hits are. */
const isHit = (hit: AcceptedHit | Hit): hit is Hit => 'visitor' in hit

async function fetchRanges(name: string): Promise<RangeIndex | null> {
  const answer = await fetch(`/geo/${name}.geo`).catch(() => null)
  if (!answer?.ok) return null
  try {
    return openRanges(await answer.bytes())
  } catch {
    return null
  }
}

async function fetchCrawlers(): Promise<Prove | null> {
  const answer = await fetch('/geo/crawlers.json').catch(() => null)
  if (!answer?.ok) return null
  try {
    return openCrawlers(readLists(await answer.text()))
  } catch {
    return null
  }
}

async function* readFiles(files: readonly File[], reading: Reading, now: number) {
  for (const file of files) {
    const named = (message: string) => (files.length > 1 ? `${file.name}: ${message}` : message)
    try {
      yield* readFile(file, reading, now, (message) => (reading.broken = named(message)))
    } catch (error) {
      const message = named(explain(error))
      if (!reading.lines) throw new Error(message, { cause: error })
      reading.broken = message
      return
    }
  }
}

async function* readFile(file: File, reading: Reading, now: number, ondamage: (message: string) => void) {
  const format = sniff(await head(file))
  if (format === 'parquet') {
    const { readParquet } = await import('./parquet.ts')
    return yield* readParquet(file, reading)
  }
  const bytes = unpack(file, format, (count) => (reading.bytes += count))
  yield* readHits(format === 'text' ? bytes : unpacked(bytes, format, ondamage), reading, now)
}

const head = async (file: File) => new Uint8Array(await file.slice(0, headLength).arrayBuffer())

/** Ends where the file is damaged, so that all before that is read. */
async function* unpacked(
  bytes: AsyncIterable<Uint8Array>,
  format: string,
  ondamage: (message: string) => void
) {
  let isFirst = true
  try {
    for await (const chunk of bytes) {
      if (isFirst) expectText(chunk.subarray(0, headLength))
      isFirst = false
      yield chunk
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    ondamage(`The ${format} file is damaged or cut off: ${error.message}`)
  }
}

async function* sample(reading: Reading, now: number) {
  const { sampleLines } = await import('./sample.ts')
  yield* readHits(sampleLines(reading, now), reading, now)
}
