import type { Manifest, Part } from '#lib/schema/manifest.ts'
import { isLocal } from './local-name.ts'
import type { Limits } from './sync.ts'

/** Survives deploys; the service worker leaves it alone. */
const cacheName = 'data-v1'

/** The part is not there any more: the manifest it came from is old. */
export class PartGone extends Error {
  override name = 'PartGone'
}

/** The session ended or was revoked. */
export class SignedOut extends Error {
  override name = 'SignedOut'
}

/** The server was not reached, and the device has no copy. */
export class Offline extends Error {
  override name = 'Offline'
}

/** A file that was opened on another device, or removed from this one. */
export class NotHere extends Error {
  override name = 'NotHere'
}

const sitePath = (site: string) => `/api/sites/${encodeURIComponent(site)}`
const manifestPath = (site: string) => `${sitePath(site)}/manifest`
const partsPath = (site: string) => `${sitePath(site)}/parts/`
const partPath = (site: string, id: string) => partsPath(site) + encodeURIComponent(id)

const open = () => caches.open(cacheName)

/** What the cache holds at a path. Looking makes no cache: a tab that looks after a sign-out leaves nothing behind. */
const find = (path: string) => caches.match(path, { cacheName })
/** The cache, or null where nothing was kept yet. */
const existing = async () => ((await caches.has(cacheName)) ? open() : null)

/** The server's JSON at a path, or what it last said there when it is not reached. Checked by ETag. */
export async function fetchJson<T>(
  path: string,
  signal?: AbortSignal
): Promise<{ value: T; isOffline: boolean }> {
  const known = await find(path)
  const etag = known?.headers.get('etag')
  const response = await reach(path, {
    cache: 'no-store',
    headers: etag ? { 'if-none-match': etag } : {},
    signal
  })
  if (!response) {
    if (!known) throw new Offline(`${path} was not reached, and nothing of it is on this device`)
    return { value: await known.json(), isOffline: true }
  }
  if (response.status === 304 && known) return { value: await known.json(), isOffline: false }
  await check(response, path)
  await keep(path, response.clone())
  return { value: await response.json(), isOffline: false }
}

export const fetchManifest = (site: string, signal?: AbortSignal) =>
  isLocal(site) ? findManifest(site) : fetchJson<Manifest>(manifestPath(site), signal)

/** The manifest of a file opened here: no server has another. */
async function findManifest(site: string): Promise<{ value: Manifest; isOffline: boolean }> {
  const value = await knownManifest(site)
  if (!value) throw new NotHere('This file is no longer on this device. Open it again.')
  return { value, isOffline: false }
}

/** The manifest last seen, without asking. */
export async function knownManifest(site: string): Promise<Manifest | null> {
  const known = await find(manifestPath(site))
  return known ? known.json() : null
}

/** Keeps a manifest that changes over the socket have led to, for the next visit without a connection. */
export async function keepManifest(manifest: Manifest): Promise<void> {
  const headers = { 'content-type': 'application/json', etag: `"${manifest.version}"` }
  await keep(manifestPath(manifest.site), new Response(JSON.stringify(manifest), { headers }))
}

/** A part's bytes, from the device or from the server, which puts them on the device. */
export async function fetchPart(
  site: string,
  part: Part,
  signal?: AbortSignal
): Promise<Uint8Array<ArrayBuffer>> {
  const path = partPath(site, part.id)
  const known = await find(path)
  if (known) return known.bytes()
  if (isLocal(site)) throw new Error(`part ${part.id} is not on this device any more: open the file again`)
  const response = await reach(path, { signal })
  if (!response) throw new Offline(`part ${part.id} was not reached`)
  if (response.status === 404) throw new PartGone(`part ${part.id} is gone`)
  await check(response, path)
  await keep(path, response.clone())
  return response.bytes()
}

/** Puts a part that was made here onto the device; throws when there is no room. */
export async function keepPart(site: string, part: Part, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  await (await open()).put(partPath(site, part.id), new Response(bytes))
}

/** The ids of a site's parts whose bytes are on the device. */
export async function cachedParts(site: string): Promise<string[]> {
  const prefix = partsPath(site)
  const paths = ((await (await existing())?.keys()) ?? []).map(({ url }) => new URL(url).pathname)
  return paths
    .filter((path) => path.startsWith(prefix))
    .map((path) => decodeURIComponent(path.slice(prefix.length)))
}

export async function forgetParts(site: string, ids: readonly string[]): Promise<void> {
  const cache = await existing()
  await Promise.all(ids.map((id) => cache?.delete(partPath(site, id))))
}

/** Takes a site's manifest and parts off the device. */
export async function forgetSite(site: string): Promise<void> {
  await forgetParts(site, await cachedParts(site))
  await (await existing())?.delete(manifestPath(site))
}

/** How many parts of a manifest are cached, and their bytes. */
export async function cachedSize(
  site: string,
  manifest: Manifest
): Promise<{ parts: number; bytes: Limits['bytes'] }> {
  const cached = new Set(await cachedParts(site))
  const parts = manifest.parts.filter(({ id }) => cached.has(id))
  return { parts: parts.length, bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0) }
}

export const dropCache = (): Promise<boolean> => caches.delete(cacheName)

/** A response, or null when there is no connection. */
async function reach(path: string, init: RequestInit): Promise<Response | null> {
  try {
    return await fetch(path, init)
  } catch (error) {
    if (init.signal?.aborted) throw error
    return null
  }
}

async function check(response: Response, path: string): Promise<void> {
  if (response.status === 401) throw new SignedOut(`${path} wants a sign-in`)
  if (!response.ok) throw new Error(`${path} answered ${response.status}`)
}

// A full disk is no reason to show nothing.
async function keep(path: string, response: Response): Promise<void> {
  await open()
    .then((cache) => cache.put(path, response))
    .catch(() => {})
}
