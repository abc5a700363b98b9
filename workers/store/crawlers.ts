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

/** Keeps lists. Each site reads them on its next UTC day. */
export async function writeCrawlers(env: Env, lists: CrawlerLists): Promise<void> {
  await answered('keep crawlers.json', env.PARTS.put(key, JSON.stringify({ lists })))
}
