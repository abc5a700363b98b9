import type { ManifestChange } from '#lib/schema/manifest.ts'

const shortest = 1_000
const longest = 60_000
/**
 * A network that goes without a word closes no socket. So the page asks on every second beat, and a socket that is silent
 * for four is lost; the object hears by it that the page is there. A page that slept, or was busy, has no beats meanwhile.
 */
const beat = 4_000
const asked = 2
const lost = 4

interface Listener {
  /** Also after a gap, in which changes may have been missed. */
  onopen: () => void
  /** `isLost` is false where the page leaves by itself. */
  onclose?: (isLost: boolean) => void
  onchange: (change: ManifestChange) => void
}

/** Follows a site while the page is looked at; returns what ends it. */
export function follow(site: string, { onopen, onclose, onchange }: Listener): () => void {
  let socket: WebSocket | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = shortest
  let silent = 0
  let beats = 0

  function connect() {
    clearTimeout(timer)
    if (socket || document.hidden) return
    const opened = new WebSocket(`/api/sites/${encodeURIComponent(site)}/live`)
    socket = opened
    silent = 0
    opened.onopen = () => {
      if (socket !== opened) return
      wait = shortest
      silent = 0
      onopen()
    }
    opened.onmessage = ({ data }) => {
      if (socket !== opened) return
      silent = 0
      // The object sleeps on while the runtime answers for it.
      if (data !== 'pong') onchange(JSON.parse(String(data)))
    }
    opened.onclose = () => lose(opened)
  }

  function lose(closed: WebSocket) {
    if (socket !== closed) return
    socket = null
    onclose?.(true)
    timer = setTimeout(connect, wait * (0.5 + Math.random() / 2))
    wait = Math.min(wait * 2, longest)
  }

  function listen() {
    if (!socket) return
    beats++
    silent++
    if (silent >= lost) {
      const dead = socket
      lose(dead)
      dead.close()
    } else if (beats % asked === 0 && socket.readyState === WebSocket.OPEN) socket.send('ping')
  }

  function leave() {
    clearTimeout(timer)
    const left = socket
    socket = null
    if (left) onclose?.(false)
    left?.close()
  }

  const look = () => (document.hidden ? leave() : connect())
  const clock = setInterval(listen, beat)
  document.addEventListener('visibilitychange', look)
  addEventListener('online', connect)
  connect()
  return () => {
    clearInterval(clock)
    document.removeEventListener('visibilitychange', look)
    removeEventListener('online', connect)
    leave()
  }
}
