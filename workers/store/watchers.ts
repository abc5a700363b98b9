import type { ManifestChange } from '#lib/schema/manifest.ts'

/** A page asks every 8 s. One that is silent for so long went without a word: its network did, or its device sleeps. */
const silentAfter = 60_000

/** The pages that are open on a site, each by a socket that survives the sleep of the object. */
export class Watchers {
  readonly #ctx: DurableObjectState

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx
    // A page asks whether it is still connected: the runtime answers, so that the object may sleep.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'))
  }

  /** Takes a page's socket, at a time in ms since 1970. */
  add(socket: WebSocket, now: number): void {
    this.#ctx.acceptWebSocket(socket)
    socket.serializeAttachment(now)
  }

  /** Whether a page is there. Silent ones are let go of: one that lives after all connects again. */
  areThere(now: number): boolean {
    let areThere = false
    for (const socket of this.#open) {
      if (now - this.#heardOf(socket) < silentAfter) areThere = true
      else socket.close(1001, 'silent')
    }
    return areThere
  }

  tell(change: ManifestChange): void {
    for (const socket of this.#open) socket.send(JSON.stringify(change))
  }

  /** A socket whose other end is gone never ends its closing. */
  get #open(): WebSocket[] {
    return this.#ctx.getWebSockets().filter(({ readyState }) => readyState === WebSocket.OPEN)
  }

  #heardOf(socket: WebSocket): number {
    const opened = Number(socket.deserializeAttachment())
    return Math.max(opened, this.#ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? 0)
  }
}
