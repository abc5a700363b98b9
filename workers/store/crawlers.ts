import { newestOf, readLists, type CrawlerLists } from '#lib/enrich/crawler-lists.ts'
import { answered } from './answered.ts'

/** Where the bucket keeps the lists that were renewed. */
const key = 'geo/crawlers.json'

/** The lists of crawlers' addresses, of each the newest: those in the bucket, and those that are shipped. */
export async function readCrawlers(env: Env): Promise<CrawlerLists> {
  const shipped = await answered('load crawlers.json', env.ASSETS.fetch('https://assets/geo/crawlers.json'))
  const own = await answered('load crawlers.json', env.PARTS.get(key))
  const files = [shipped.ok ? await shipped.text() : null, own ? await own.text() : null]
  return newestOf(
    files.flatMap((text) => {
      try {
        return text === null ? [] : [readLists(text)]
      } catch (error) {
        // Hits are worth more than what is told of their crawlers.
        console.warn(JSON.stringify({ step: 'enrich', error: String(error) }))
        return []
      }
    })
  )
}

/** One copy an isolate. */
let known: Promise<CrawlerLists> | null = null

/** The lists as this isolate read them first, or keeps them since. */
export function knownCrawlers(env: Env): Promise<CrawlerLists> {
  const lists = (known ??= readCrawlers(env))
  // A failed read is tried again at the next flush.
  lists.catch(() => (known = null))
  return lists
}

/** Keeps lists. This isolate takes them on the next UTC day of a site, any other when it starts again. */
export async function writeCrawlers(env: Env, lists: CrawlerLists): Promise<void> {
  await answered('keep crawlers.json', env.PARTS.put(key, JSON.stringify({ lists })))
  known = null
}
