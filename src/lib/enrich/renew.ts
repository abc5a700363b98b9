import type { CrawlerList, CrawlerLists } from './crawler-lists.ts'
import { tidyEntries } from './signers.ts'

/** What became of a list. */
export interface Renewal {
  readonly name: string
  /** `failed` leaves the list as it was. */
  readonly outcome: 'renewed' | 'unchanged' | 'failed'
  /** Why it failed. */
  readonly why?: string
  /** How many entries it has now. */
  readonly entries: number
}

/** The lists after a renewal. */
export interface Renewed {
  readonly lists: CrawlerLists
  readonly renewals: readonly Renewal[]
}

const longestWait = 20_000
const mostBytes = 2 << 20
const mostEntries = 20_000

/**
 * Downloads the lists that have a source. A list whose source fails, sends garbage, or has nothing left in it stays as it is.
 *
 * @param today the day that a list is of which is downloaded now, or which its source says is unchanged
 */
export async function renewLists(
  lists: CrawlerLists,
  sources: Readonly<Record<string, string>>,
  today: string,
  fetch: typeof globalThis.fetch
): Promise<Renewed> {
  const answers = await Promise.all(
    Object.entries(sources).map(async ([name, source]) => {
      const known = lists[name]
      try {
        const list = await download(name, source, known, today, fetch)
        return { name, list, outcome: list.entries === known?.entries ? 'unchanged' : 'renewed' } as const
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        return { name, list: known, outcome: 'failed', why } as const
      }
    })
  )
  const renewed = answers.flatMap(({ name, list }) => (list ? [[name, list] as const] : []))
  return {
    lists: { ...lists, ...Object.fromEntries(renewed) },
    renewals: answers.map(({ list, ...renewal }) => ({ ...renewal, entries: countEntries(list) }))
  }
}

export const countEntries = (list?: CrawlerList) => list?.entries.split(' ').filter(Boolean).length ?? 0

async function download(
  name: string,
  source: string,
  known: CrawlerList | undefined,
  today: string,
  fetch: typeof globalThis.fetch
): Promise<CrawlerList> {
  const answer = await fetch(source, {
    headers: { Accept: 'application/json', ...(known?.etag && { 'If-None-Match': known.etag }) },
    signal: AbortSignal.timeout(longestWait)
  })
  if (answer.status === 304 && known) return { ...known, day: today }
  if (!answer.ok) throw new Error(`${source} answered ${answer.status}`)
  const found = tidyEntries(name, textsIn(readJson(await textOf(answer, source), source)))
  if (found.length === 0) throw new Error(`${source} lists nothing`)
  if (found.length > mostEntries) throw new Error(`${source} lists more than ${mostEntries} entries`)
  const etag = answer.headers.get('ETag')
  return { day: today, entries: found.join(' '), ...(etag && { etag }) }
}

/** The body, of which no more is read than a list can have. */
async function textOf(answer: Response, source: string): Promise<string> {
  let length = 0
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of answer.body ?? []) {
    length += chunk.length
    if (length > mostBytes) throw new Error(`${source} is larger than ${mostBytes} bytes`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function readJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`${source} is not JSON`)
  }
}

/** The texts in a list, whatever shape it has: each operator calls networks by other names. Of a key, its public part. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  if ('kty' in value)
    return 'crv' in value && value.crv === 'Ed25519' && 'x' in value ? [String(value.x)] : []
  return Object.values(value).flatMap(textsIn)
}

/** A list is old after so many days. */
export const oldAfter = 60

/** The day of the oldest list that could be renewed, if it is old; else null. */
export function oldestOverdue(
  lists: CrawlerLists,
  sources: Readonly<Record<string, string>>,
  now: number
): string | null {
  const days = Object.entries(lists).flatMap(([name, { day }]) => (name in sources ? [day] : []))
  const oldest = days.sort()[0]
  return oldest !== undefined && now - Date.parse(oldest) > oldAfter * 86_400_000 ? oldest : null
}
