import type { BrowserContext, Page } from 'playwright-core'

/** A question of the page to its engine, and the milliseconds from when its turn came to its last row. */
export interface Asked {
  sql: string
  ms: number
}

interface Message {
  messageId: number
  requestId?: number
  type: string
  data: unknown
}

declare global {
  var loggiaAsked: (Asked & { from: number })[]
}

/** Notes what pages send to the engine's worker, so that a peer can be asked the same, word for word. */
export async function listen(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    globalThis.loggiaAsked = []
    const places = new Map<number, (typeof loggiaAsked)[number]>()
    const workers = new WeakSet<Worker>()
    let last: (typeof loggiaAsked)[number] | undefined
    let answered = 0
    const post = Worker.prototype.postMessage as (message: unknown, rest?: unknown) => void
    const note = ({ messageId, type, data }: Message) => {
      const isWhole = type === 'RUN_QUERY'
      if (type === 'START_PENDING_QUERY' || isWhole) {
        const sql = (data as string[])[1]!
        if (isWhole && !/^(--.*\n|\s)*(SELECT|WITH|\(|CREATE OR REPLACE TEMP TABLE)/.test(sql)) return
        loggiaAsked.push({ sql, from: performance.now(), ms: 0 })
      }
      const isOfIt =
        isWhole || ['START_PENDING_QUERY', 'POLL_PENDING_QUERY', 'FETCH_QUERY_RESULTS'].includes(type)
      if (isOfIt) places.set(messageId, loggiaAsked.at(-1)!)
    }
    const noteReply = ({ data }: MessageEvent<Message>) => {
      const asked = places.get(data.requestId ?? -1)
      if (!asked) return
      const now = performance.now()
      // It may have waited in the worker for the one before it.
      if (asked !== last) asked.from = Math.max(asked.from, answered)
      asked.ms = now - asked.from
      ;[last, answered] = [asked, now]
    }
    Worker.prototype.postMessage = function (message: Message, rest?: unknown) {
      if (!workers.has(this)) this.addEventListener('message', noteReply)
      workers.add(this)
      note(message)
      post.call(this, message, rest)
    }
  })
}

/** What was asked since the page was opened or this was called. */
export function takeAsked(page: Page): Promise<Asked[]> {
  return page.evaluate(() => loggiaAsked.splice(0).map(({ sql, ms }) => ({ sql, ms })))
}
