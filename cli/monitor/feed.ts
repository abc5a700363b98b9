import { zstdDecompressSync } from 'node:zlib'
import { parquetReadObjects } from 'hyparquet'
import type { Stored } from '../../src/lib/alert/matches.ts'
import { seqsPerPosition } from '../../src/lib/schema/hit.ts'
import type { Part } from '../../src/lib/schema/manifest.ts'
import { causeOf } from '../../src/lib/push/answer.ts'
import type { Client } from '../client.ts'

/** Ms after which parts are asked for again, if the server is away or its socket is closed. */
const retry = 2_000
/** The same if it has told of no new ones. In less time than the delay, so that no second counts as quiet in between. */
const patience = 4_000

/**
 * The hits of a site as they are stored from now on, each once; null says that no more are there for now. Parts are
 * merged and rewritten, so hits are known again by their place in the site's log.
 */
export async function* feed(
  client: Client,
  site: string,
  { pause, onFailure }: { pause: () => Promise<void>; onFailure: (error: Error) => void }
): AsyncGenerator<Stored[] | null> {
  const { parts: known } = await client.manifest(site)
  if (known.length === 0) onFailure(new Error(`Site ${site} has no requests yet`))
  let next = endOf(known)
  const watch = new Watch(client, site)
  try {
    for (; ; await pause()) {
      if (watch.isDue(Date.now())) {
        try {
          const { parts } = await client.manifest(site)
          const added = parts.filter((part) => endOf([part]) > next)
          const hits = await Promise.all(
            added.map(async ({ id }) => hitsOf(await client.part(site, id), next))
          )
          next = Math.max(next, endOf(parts))
          yield hits.flat()
          watch.isAway = false
        } catch (error) {
          if (!watch.isAway) onFailure(new Error(`${client.url} can't be read: ${causeOf(error as Error)}`))
          watch.isAway = true
        }
      }
      // Nothing is known of the seconds in which the server is away.
      if (!watch.isAway) yield null
    }
  } finally {
    watch.close()
  }
}

/** The first position of the log that is in none of the parts. */
const endOf = (parts: readonly Part[]) =>
  Math.max(0, ...parts.flatMap(({ ranges }) => ranges.map(({ to }) => to)))

/** Watches a site, so that it stores hits soon, and hears of new parts. */
class Watch {
  readonly #client: Client
  readonly #site: string
  #socket: WebSocket | null = null
  #looked = -Infinity
  #isChanged = true
  isAway = false

  constructor(client: Client, site: string) {
    this.#client = client
    this.#site = site
  }

  isDue(now: number): boolean {
    const wait = this.isAway || !this.#socket ? retry : this.#isChanged ? 0 : patience
    if (now - this.#looked < wait) return false
    this.#socket ??= this.#open()
    this.#looked = now
    this.#isChanged = false
    return true
  }

  #open(): WebSocket {
    const socket = this.#client.watch(this.#site)
    socket.addEventListener('message', () => (this.#isChanged = true))
    socket.addEventListener('close', () => (this.#socket = null))
    return socket
  }

  close(): void {
    this.#socket?.close()
  }
}

/** The hits of a part from a position of the log on. */
async function hitsOf(part: Uint8Array, from: number): Promise<Stored[]> {
  const file = part.buffer.slice(part.byteOffset, part.byteOffset + part.byteLength) as ArrayBuffer
  const rows = await parquetReadObjects({ file, compressors, parsers })
  return rows.filter(({ seq }) => Number(seq) >= from * seqsPerPosition).map(storedOf)
}

const compressors = { ZSTD: (bytes: Uint8Array) => zstdDecompressSync(bytes) }
const parsers = { timestampFromMilliseconds: (ms: bigint) => ms }

/** Parquet has 64 bits for numbers that a double holds exactly. */
const storedOf = (row: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'bigint' && name !== 'visitor' ? Number(value) : value
    ])
  ) as unknown as Stored
