import { crawlerSources } from '#lib/enrich/crawler-sources.ts'
import { readLists, type CrawlerLists } from '#lib/enrich/crawler-lists.ts'
import { oldestOverdue } from '#lib/enrich/renew.ts'
import { tidyEntries } from '#lib/enrich/signers.ts'
import { Hono } from 'hono'
import { reader, sameOrigin } from './access/sessions.ts'
import { Failure } from './failure.ts'
import { readCrawlers, writeCrawlers } from './store/crawlers.ts'

const mostBytes = 2 << 20

/** The lists of crawlers' addresses. */
export const crawlers = new Hono<{ Bindings: Env }>()

crawlers.use('*', sameOrigin, reader)

/** The lists that are used; `overdue` is the day of the oldest if it should have been renewed. */
crawlers.get('/', async (c) => {
  const lists = await readCrawlers(c.env)
  return c.json({ lists, overdue: oldestOverdue(lists, crawlerSources, Date.now()) })
})

/** Keeps the lists that `loggia bots update` has downloaded. */
crawlers.put('/', async (c) => {
  const text = await c.req.text()
  if (text.length > mostBytes)
    throw new Failure(413, 'too_large', `the lists are larger than ${mostBytes} bytes`)
  await writeCrawlers(c.env, tidied(text))
  return c.json({ status: 'kept' })
})

function tidied(text: string): CrawlerLists {
  let lists
  try {
    lists = readLists(text)
  } catch {
    throw new Failure(400, 'lists', 'the body is not a file of lists')
  }
  const entries = Object.entries(lists).map(([name, list]) => {
    const entries = tidyEntries(name, list.entries.split(' ')).join(' ')
    if (entries === '') throw new Failure(400, 'lists', `the list ${name.slice(0, 64)} is empty`)
    return [name, { ...list, entries }] as const
  })
  return Object.fromEntries(entries)
}
