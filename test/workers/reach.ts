import { env, runDurableObjectAlarm, runInDurableObject, SELF } from 'cloudflare:test'
import type { AcceptedHit, ColumnName } from '#lib/schema/hit.ts'
import type { Manifest } from '#lib/schema/manifest.ts'
import { expect, vi } from 'vitest'
import { bufferOf, directoryOf } from '../../workers/access/reach.ts'
import { fromLogRows, type Logged } from '../../workers/store/log-row.ts'
import { PartReader } from '../../workers/store/parquet.ts'

const origin = 'http://localhost'

export async function tokenFor(site: string): Promise<string> {
  return (await directoryOf(env).createToken(site)).token
}

/** POSTs a body to the ingest route with a token. */
export function post(
  token: string | null,
  body: BodyInit,
  headers: Record<string, string> = {},
  query = ''
): Promise<Response> {
  return SELF.fetch(`${origin}/api/ingest${query}`, {
    method: 'POST',
    body,
    headers: { ...(token === null ? {} : { Authorization: `Bearer ${token}` }), ...headers }
  })
}

/** A GET as a signed-in reader. */
export async function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  const { secret } = await directoryOf(env).open('session')
  return SELF.fetch(origin + path, { headers: { Cookie: `loggia=${secret}`, ...headers } })
}

/** A request that changes something, as a signed-in reader. */
export async function change(method: string, path: string, body: object): Promise<Response> {
  const { secret } = await directoryOf(env).open('session')
  const headers = { Cookie: `loggia=${secret}`, 'X-Loggia': '1' }
  return SELF.fetch(origin + path, { method, headers, body: JSON.stringify(body) })
}

/** The turn of an object that `reset` or a power cut ended goes to another when its lease is over, after 5 s. */
export const turned = 15_000

/** Rings the alarm of a site until what is expected of it holds. */
export function ringUntil(site: string, check: () => Promise<void>): Promise<void> {
  const ring = async () => {
    await runDurableObjectAlarm(bufferOf(env, site))
    await check()
  }
  return vi.waitFor(ring, turned)
}

/** Lets the minute pass after which a log is flushed, and waits until nothing is in it. */
export async function settle(site: string): Promise<void> {
  vi.setSystemTime(Date.now() + 61_000)
  try {
    await ringUntil(site, async () => {
      expect((await bufferOf(env, site).status()).unflushed_rows).toBe(0)
    })
  } finally {
    vi.useRealTimers()
  }
}

/** A record in nginx's own variable names, `minutes` after noon. */
export function record(i: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    time_iso8601: new Date(Date.parse('2026-11-20T12:00:00Z') + i * 60_000).toISOString(),
    remote_addr: `203.0.113.${i % 250}`,
    request_method: 'GET',
    request_uri: `/page/${i}`,
    status: '200',
    body_bytes_sent: String(100 + i),
    request_time: '0.250',
    http_user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    host: 'example.org',
    ...more
  }
}

export const records = (count: number, from = 0) => Array.from({ length: count }, (_, i) => record(from + i))

/** The hits in the log of a site, as accepted. */
export function logged(site: string): Promise<Partial<AcceptedHit>[]> {
  return runInDurableObject(bufferOf(env, site), (_, state) => {
    const query = 'select position, rows, hits, dropped from log order by position'
    const { seq, ...columns } = fromLogRows(state.storage.sql.exec(query).toArray() as unknown as Logged[])
    return seq.map((_, i) =>
      Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[i]]))
    )
  })
}

/** Values of a column in all parts of a site. */
export async function stored(site: string, name: ColumnName): Promise<unknown[]> {
  const { parts } = await (await get(`/api/sites/${site}/manifest`)).json<Manifest>()
  const all = parts.map(async ({ id }) => {
    const response = await get(`/api/sites/${site}/parts/${id}`)
    return PartReader.of(new Uint8Array(await response.arrayBuffer())).values(name, 0)
  })
  return (await Promise.all(all)).flat()
}
