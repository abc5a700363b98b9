import type { Query } from '#lib/ask/query.ts'
import type { Device } from '#lib/device/device.ts'
import type { Answer } from '#lib/engine/connection.ts'
import { checkStatement } from '#lib/engine/statement.ts'
import type { Selection } from '#lib/filter/filter.ts'
import type { Timing } from '#lib/time/buckets.ts'
import { readRows } from '../console/readable.ts'

/** Rows of a pinned query that are shown. */
export const mostRows = 1_000

/** A pinned query took longer than it may. */
export class TookTooLong extends Error {
  override name = 'TookTooLong'
}

interface Order {
  readonly device: Pick<Device, 'connect' | 'query'>
  readonly selection: Selection
  readonly timing: Timing
  readonly sql: string
  /** Milliseconds. */
  readonly patience: number
  readonly signal: AbortSignal
}

/** One more row than is shown, and how many milliseconds the engine took. */
export interface Asked extends Answer {
  readonly ms: number
}

const connections = new WeakMap<Order['device'], Promise<Query>>()
let last: Promise<unknown> = Promise.resolve()

/** Asks a pinned query on a connection of their own, one after the other and after the questions of the panels. */
export function askPinned(order: Order): Promise<Asked> {
  const answer = last.then(() => ask(order))
  last = answer.catch(() => {})
  return answer
}

async function ask({ device, selection, timing, sql, patience, signal }: Order): Promise<Asked> {
  checkStatement(sql)
  signal.throwIfAborted()
  await device.query.calm()
  const query = await connectionOf(device)
  await query.select(selection, timing)
  signal.throwIfAborted()
  let isLate = false
  const stop = () => void query.cancel()
  const timer = setTimeout(() => {
    isLate = true
    stop()
  }, patience)
  signal.addEventListener('abort', stop, { once: true })
  const started = performance.now()
  try {
    const answer = await readRows((question) => query.answerOnce(question), sql, mostRows, null)
    return { ...answer, ms: performance.now() - started }
  } catch (error) {
    if (isLate) throw new TookTooLong(`It took longer than ${patience / 1_000} seconds.`, { cause: error })
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

function connectionOf(device: Order['device']): Promise<Query> {
  const known = connections.get(device)
  const connection = known ?? device.connect().then((query) => Object.assign(query, { canAlwaysStop: true }))
  if (!known) connections.set(device, connection)
  return connection
}
