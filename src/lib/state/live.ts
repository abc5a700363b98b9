import type { ManifestChange } from '#lib/schema/manifest.ts'

const shortest = 1_000
const longest = 60_000

interface Listener {
  /** Also after a gap, in which changes may have been missed. */
  onopen: () => void
  onclose?: () => void
  onchange: (change: ManifestChange) => void
}

/** Follows a site while the page is looked at; returns what ends it. */
export function follow(site: string, { onopen, onclose, onchange }: Listener): () => void {
  let socket: WebSocket | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let wait = shortest

  function connect() {
    clearTimeout(timer)
    if (socket || document.hidden) return
    const opened = new WebSocket(`/api/sites/${encodeURIComponent(site)}/live`)
    socket = opened
    opened.onopen = () => {
      wait = shortest
      onopen()
    }
    opened.onmessage = ({ data }) => onchange(JSON.parse(String(data)))
    opened.onclose = () => {
      if (socket !== opened) return
      socket = null
      onclose?.()
      timer = setTimeout(connect, wait * (0.5 + Math.random() / 2))
      wait = Math.min(wait * 2, longest)
    }
  }

  function leave() {
    clearTimeout(timer)
    const left = socket
    socket = null
    if (left) onclose?.()
    left?.close()
  }

  const look = () => (document.hidden ? leave() : connect())
  document.addEventListener('visibilitychange', look)
  addEventListener('online', connect)
  connect()
  return () => {
    document.removeEventListener('visibilitychange', look)
    removeEventListener('online', connect)
    leave()
  }
}
