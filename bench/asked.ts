import type { BrowserContext, Page } from 'playwright-core'
import type { EngineCalls } from '#lib/engine/engine-calls.ts'
import type { Call, Reply } from '#lib/engine/remote.ts'

/** A question of the page to its engine, and the milliseconds from when its turn came to its last row. */
export interface Asked {
  /** The number of the connection that it was asked on. */
  connection: number
  sql: string
  ms: number
}

declare global {
  var loggiaAsked: (Asked & { from: number })[]
}

/** Notes what pages send to the engine's worker, and how long it took. */
export async function listen(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    globalThis.loggiaAsked = []
    const waiting = new Map<number, (typeof loggiaAsked)[number]>()
    const workers = new WeakSet<Worker>()
    let answered = 0
    const post = Worker.prototype.postMessage as (message: unknown, rest?: unknown) => void
    const note = ({ id, name, args }: Call<EngineCalls>) => {
      if (name !== 'run' && name !== 'ask') return
      const [connection, sql, values] = args as [number, string, unknown?]
      const isQuestion =
        /^(--.*\n|\s)*(SELECT|WITH|\(|SET VARIABLE \w+ = \(|CREATE OR REPLACE TEMP TABLE chosen)/.test(sql)
      if (name === 'run' && (values || !isQuestion)) return
      const asked = { connection, sql, from: performance.now(), ms: 0 }
      loggiaAsked.push(asked)
      waiting.set(id, asked)
    }
    const noteReply = ({ data }: MessageEvent<Reply<number>>) => {
      const asked = waiting.get('id' in data ? data.id : -1)
      if (!asked) return
      const now = performance.now()
      // It may have waited in the worker for the one before it.
      asked.ms = now - Math.max(asked.from, answered)
      answered = now
    }
    Worker.prototype.postMessage = function (message: Call<EngineCalls>, rest?: unknown) {
      if (!workers.has(this)) this.addEventListener('message', noteReply)
      workers.add(this)
      note(message)
      post.call(this, message, rest)
    }
  })
}

/** What was asked since the page was opened or this was called. */
export function takeAsked(page: Page): Promise<Asked[]> {
  return page.evaluate(() =>
    loggiaAsked.splice(0).map(({ connection, sql, ms }) => ({ connection, sql, ms }))
  )
}
