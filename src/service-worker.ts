/// <reference lib="webworker" />
/// <reference types="@sveltejs/kit" />
import { build, files, version } from '$service-worker'
import { ownZone } from './lib/time/clock.ts'
import { writeStretch } from './lib/time/range.ts'
// By its path: the package does not export it.
import { version as engineVersion } from '../node_modules/@duckdb/duckdb-wasm/package.json'

const worker = self as unknown as ServiceWorkerGlobalScope

const shell = `shell-${version}`
/** Outlives deploys: 34 MB are fetched again only when the engine itself is another. */
const engine = `engine-${engineVersion}`
const page = '/spa.html'
const engineFiles = ['/engine/duckdb-browser-eh.worker.js', '/engine/duckdb-eh.wasm']

const isEngine = (path: string) =>
  engineFiles.includes(path) || /^\/_app\/immutable\/workers\/(assets|chunks)\//.test(path)

/** `_headers` is no file of the site and answers 404, upon which nothing would ever be installed. */
const isShell = (path: string) => !/^\/(_headers|_redirects|engine\/|icons\/overview-)/.test(path)
const shellFiles = new Set([...build, ...files].filter(isShell))

worker.addEventListener('install', (event) => event.waitUntil(install()))
worker.addEventListener('activate', (event) => event.waitUntil(activate()))

async function install() {
  const cache = await caches.open(shell)
  await cache.addAll([...shellFiles])
  // Asked for as `/spa`: the asset server redirects the other name, and a redirected answer is no navigation's.
  const answer = await fetch('/spa', { headers: { accept: 'text/html' }, cache: 'reload' })
  if (!answer.ok) throw new Error(`the shell's page answered ${answer.status}`)
  await cache.put(page, answer.redirected ? new Response(answer.body, answer) : answer)
}

async function activate() {
  for (const name of await caches.keys()) {
    const isOld = /^(shell|engine)-/.test(name) && name !== shell && name !== engine
    if (isOld) await caches.delete(name)
  }
  await worker.clients.claim()
}

worker.addEventListener('message', (event) => {
  if (event.data === 'skip-waiting') void worker.skipWaiting()
  if (event.data === 'keep-engine')
    event.waitUntil(
      keepEngine()
        .then(
          () => true,
          () => false
        )
        .then((isKept) => event.ports[0]?.postMessage(isKept))
    )
})

/** The server tells of an alert while no page is open. A push must show something, so one that is damaged does too. */
worker.addEventListener('push', (event) => {
  const { title = 'An alert of Loggia', body = '', tag = '', path = '/', from, to } = pushed(event.data)
  const data = { path: from === undefined || to === undefined ? path : at(path, { from, to }) }
  const options = { body, tag, icon: '/icons/icon-192.png', data }
  event.waitUntil(worker.registration.showNotification(title, options))
})

function pushed(data: PushMessageData | null): {
  title?: string
  body?: string
  tag?: string
  path?: string
  from?: number
  to?: number
} {
  try {
    return (data?.json() ?? {}) as { title?: string }
  } catch {
    return {}
  }
}

/** The address of a page at a period. */
function at(path: string, period: { from: number; to: number }): string {
  const [page = '', hash] = path.split('#')
  return `${page}?p=${writeStretch(period, ownZone)}${hash === undefined ? '' : `#${hash}`}`
}

/** A click on a notification leads to what it tells of, in a page that is open if there is one. */
worker.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const { path } = (event.notification.data ?? {}) as { path?: string }
  if (path) event.waitUntil(show(path))
})

async function show(path: string) {
  const [page] = await worker.clients.matchAll({ type: 'window' })
  if (!page) return worker.clients.openWindow(path)
  await page.focus()
  return page.navigate(path)
}

/** On the first visit the engine was fetched before this worker was there: taken over from the browser's cache. */
async function keepEngine() {
  const cache = await caches.open(engine)
  const keep = async (path: string, from: RequestCache) => {
    const answer = await fetch(path, { cache: from })
    if (answer.ok) await cache.put(path, answer)
  }
  for (const path of [...engineFiles, ...(await readerFiles())]) {
    if (await cache.match(path)) continue
    // The browser's cache may fail at so large a file (ERR_CACHE_WRITE_FAILURE): then it comes from the server.
    await keep(path, 'force-cache').catch(() => keep(path, 'no-store'))
  }
}

/** What workers load later, as the reader of Parquet files: no list of Kit's has it, only they name it. */
async function readerFiles(): Promise<string[]> {
  const workers = [...shellFiles].filter((path) => path.includes('/workers/'))
  const texts = await Promise.all(workers.map(async (path) => (await caches.match(path))?.text() ?? ''))
  const names = texts.flatMap((text) => text.match(/(assets|chunks)\/[\w.-]+\.(wasm|js)/g) ?? [])
  return names.map((name) => `/_app/immutable/workers/${name}`)
}

worker.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method === 'POST' && origin === location.origin && pathname === '/open')
    return event.respondWith(takeShared(request))
  if (request.method !== 'GET' || origin !== location.origin || pathname.startsWith('/api/')) return
  if (request.mode === 'navigate') event.respondWith(navigate(request))
  else if (shellFiles.has(pathname)) event.respondWith(cached(shell, request))
  else if (isEngine(pathname)) event.respondWith(cached(engine, request))
})

/** Files that another app shares are put down for the page, which reads them; no server sees them. */
async function takeShared(request: Request): Promise<Response> {
  const files = (await request.formData()).getAll('log').filter((entry) => entry instanceof File)
  await caches.delete('shared-v1')
  const cache = await caches.open('shared-v1')
  for (const [i, file] of files.entries())
    await cache.put(`/shared/${i}/${encodeURIComponent(file.name)}`, new Response(file))
  return Response.redirect('/open?shared', 303)
}

/** The newest page while there is a network; what it needs is immutable, so an old one works as long as it stands. */
async function navigate(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (error) {
    const kept = await caches.match(page)
    if (kept) return kept
    throw error
  }
}

async function cached(name: string, request: Request): Promise<Response> {
  const cache = await caches.open(name)
  const { pathname } = new URL(request.url)
  const kept = await cache.match(pathname)
  if (kept) return kept
  try {
    const answer = await fetch(request)
    if (answer.status === 200) await cache.put(pathname, answer.clone())
    return answer
  } catch {
    // A page that was left while it loaded spoils the browser's own cache for the next one.
    return fetch(pathname, { cache: 'no-store' })
  }
}
