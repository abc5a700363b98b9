import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { brotliCompress, deflate, gzip, zstdCompress } from 'node:zlib'
import type { CrawlerLists } from '../src/lib/enrich/crawler-lists.ts'
import type { Manifest } from '../src/lib/schema/manifest.ts'
import type { Status } from '../src/lib/schema/status.ts'
import { causeOf, messageOf } from '../src/lib/push/answer.ts'

const encoders = {
  gzip: promisify(gzip),
  deflate: promisify(deflate),
  br: promisify(brotliCompress),
  zstd: promisify(zstdCompress)
}

export type Encoding = keyof typeof encoders

/** What a server answers to a batch. */
export interface Answer {
  status: number
  body: Record<string, unknown>
}

/** Somebody who is signed in to a server. */
export class Client {
  readonly url: string
  /** The session, as `name=value`. */
  readonly cookie: string

  private constructor(url: string, cookie: string) {
    this.url = url
    this.cookie = cookie
  }

  static signIn(url: string, password: string): Promise<Client> {
    return Client.#open(url, { password })
  }

  /** Signs in by the owner's one-time secret: no failed guess of a password delays it. */
  static signInOnce(url: string, secret: string): Promise<Client> {
    return Client.#open(url, { secret })
  }

  static async #open(url: string, proof: { password: string } | { secret: string }): Promise<Client> {
    if (!/^https?:\/\/./.test(url)) throw new Error(`${url} is not an address: it begins with https://`)
    const response = await fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Loggia': '1' },
      body: JSON.stringify(proof)
    }).catch((error: Error) => {
      throw new Error(`${url} cannot be reached: ${causeOf(error)}`)
    })
    if (!response.ok) throw await failed('The sign-in', response)
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0]
    if (!cookie) throw new Error('sign-in gives no cookie')
    return new Client(url, cookie)
  }

  /** Does something as somebody who is signed in only for so long: no session of it is left behind. */
  static async during<T>(url: string, password: string, work: (client: Client) => Promise<T>): Promise<T> {
    const client = await Client.signIn(url, password)
    try {
      return await work(client)
    } finally {
      // What was done counts, also where the server is gone by now.
      await client.#ask('DELETE', '/api/session').catch(() => {})
    }
  }

  /** The headers that make a request one of this session. */
  get headers(): Record<string, string> {
    return { Cookie: this.cookie, 'X-Loggia': '1' }
  }

  /** A link that signs in once, whoever opens it. */
  async createLink(): Promise<string> {
    const { key } = await this.#ask<{ key: string }>('POST', '/api/session/link')
    return `${this.url}/sign-in#key=${key}`
  }

  /** An ingest token for a site, or for all (`*`). */
  async createToken(site = '*'): Promise<string> {
    return (await this.#ask<{ token: string }>('POST', '/api/tokens', { site })).token
  }

  async manifest(site: string): Promise<Manifest> {
    return this.#ask<Manifest>('GET', `/api/sites/${site}/manifest`)
  }

  /** The bytes of a part. */
  async part(site: string, id: string): Promise<Uint8Array> {
    const response = await fetch(`${this.url}/api/sites/${site}/parts/${id}`, { headers: this.headers })
    if (!response.ok) throw await failed(`The download of part ${id}`, response)
    return new Uint8Array(await response.arrayBuffer())
  }

  async status(site: string): Promise<Status> {
    return this.#ask<Status>('GET', `/api/sites/${site}/status`)
  }

  /** The lists of crawlers' addresses that the server uses. */
  async crawlers(): Promise<CrawlerLists> {
    return (await this.#ask<{ lists: CrawlerLists }>('GET', '/api/crawlers')).lists
  }

  async keepCrawlers(lists: CrawlerLists): Promise<void> {
    await this.#ask('PUT', '/api/crawlers', { lists })
  }

  /** How many hits of a site are in parts; 0 where the site is not known. */
  async countRows(site: string): Promise<number> {
    const response = await fetch(`${this.url}/api/sites/${site}/manifest`, { headers: this.headers })
    if (response.status === 404) return 0
    const { parts } = await read<Manifest>(response)
    return parts.reduce((sum, part) => sum + part.rows, 0)
  }

  /** Watches a site as a page does, until the socket is closed: who is watched flushes within 2 s. */
  watch(site: string): WebSocket {
    // Node's WebSocket takes headers; the browser's, whose type this is, does not.
    const init = { headers: this.headers } as unknown as string[]
    const socket = new WebSocket(`${this.url.replace('http', 'ws')}/api/sites/${site}/live`, init)
    socket.addEventListener('error', () => {})
    return socket
  }

  /** Waits until `rows` hits of a site are in parts, watching it; throws after `timeout` ms. */
  async waitForRows(site: string, rows: number, timeout = 30_000, onRows?: (rows: number) => void) {
    const socket = this.watch(site)
    const deadline = Date.now() + timeout
    try {
      for (;;) {
        const count = await this.countRows(site)
        onRows?.(count)
        if (count >= rows) return count
        if (Date.now() > deadline)
          throw new Error(`site ${site} has ${count} of ${rows} hits after ${timeout} ms`)
        await sleep(200)
      }
    } finally {
      socket.close()
    }
  }

  async #ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...this.headers, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
      body: JSON.stringify(body)
    })
    return read<T>(response)
  }
}

async function read<T>(response: Response): Promise<T> {
  if (!response.ok) throw await failed(new URL(response.url).pathname, response)
  return (await response.json()) as T
}

/** The error of an answer that is no success, as a sentence: what failed, the status, and what the server says. */
export async function failed(what: string, response: Response): Promise<Error> {
  return new Error(
    `${what} failed (${response.status}): ${messageOf(response.status, await response.text())}`
  )
}

/** Sends lines as one batch, the way a forwarder does. */
export async function push(
  url: string,
  token: string,
  lines: readonly string[],
  {
    encoding,
    type = 'application/x-ndjson',
    site
  }: { encoding?: Encoding; type?: string; site?: string } = {}
): Promise<Answer> {
  const text = lines.join('\n') + '\n'
  const response = await fetch(`${url}/api/ingest${site ? `?site=${site}` : ''}`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': type,
      ...(encoding && { 'Content-Encoding': encoding })
    },
    body: encoding ? new Uint8Array(await encoders[encoding](text)) : text
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
