import { type CrawlerLists } from '../src/lib/enrich/crawler-lists.ts'
import { crawlerSources } from '../src/lib/enrich/crawler-sources.ts'
import { countEntries, oldAfter, oldestOverdue, renewLists, type Renewal } from '../src/lib/enrich/renew.ts'
import { dayOf } from '../src/lib/schema/day.ts'
import { Client } from './client.ts'
import { count } from './count.ts'

/** Lists the days of the crawlers' addresses that a server uses; with `update` it downloads them and sends them there. */
export async function bots(args: readonly string[], password: () => Promise<string>): Promise<string> {
  const isUpdate = args[0] === 'update'
  const [url, ...rest] = isUpdate ? args.slice(1) : args
  if (!url || rest.length > 0)
    throw new Error('bots needs the address of a Loggia: loggia bots [update] https://…')
  return Client.during(url.replace(/\/+$/, ''), await password(), (client) =>
    isUpdate ? update(client, Date.now()) : list(client, Date.now())
  )
}

async function list(client: Client, now: number): Promise<string> {
  return describeLists(await client.crawlers(), now)
}

/** Downloads the lists and sends them to the server. Fails if no list could be downloaded. */
export async function update(client: Client, now: number, sources = crawlerSources): Promise<string> {
  const { lists, renewals } = await renewLists(await client.crawlers(), sources, dayOf(now), fetch)
  const text = renewals.map(describe).join('\n')
  if (renewals.every(({ outcome }) => outcome === 'failed'))
    throw new Error(`${text}\nNo list could be downloaded. The server keeps those it has.`)
  await client.keepCrawlers(lists)
  return `${text}${overdueOf(lists, now)}`
}

/** A line for each list: its name, its day and how many ranges it has. */
export function describeLists(lists: CrawlerLists, now: number): string {
  const lines = Object.entries(lists)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, list]) => `${name}: ${list.day}, ${count(countEntries(list), 'entry', 'entries')}`)
  return `${lines.join('\n') || 'There is no list.'}${overdueOf(lists, now)}`
}

function overdueOf(lists: CrawlerLists, now: number): string {
  const oldest = oldestOverdue(lists, crawlerSources, now)
  if (oldest === null) return ''
  return `\nThe oldest list is of ${oldest}, more than ${oldAfter} days ago. "loggia bots update" downloads the lists.`
}

const describe = ({ name, outcome, entries, why }: Renewal) =>
  `${name}: ${outcome}${why === undefined ? '' : ` (${why})`}, ${count(entries, 'entry', 'entries')}`
