import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { Query } from '#lib/ask/query.ts'
import { Store } from '#lib/device/store.ts'
import { writeClauses, type Selection } from '#lib/filter/filter.ts'
import { parse } from '#lib/find/parse.ts'
import { countLines } from '#lib/panels/explore/log.ts'
import { readPeriod } from '#lib/time/range.ts'
import { clickLink } from '../test/e2e/overview.ts'
import type { OwnStack } from '../test/e2e/stack.ts'
import { openNative } from '../test/engine/native.ts'
import { takeAsked } from './asked.ts'
import { inBrowser } from './in-browser.ts'
import { makeLines } from './lines.ts'
import { moveAbout } from './list.ts'
import { median, short, type Section } from './report.ts'
import { countByRg, searches, type Search } from './searches.ts'
import { fillSite, type Site } from './sites.ts'
import { loadPart } from './verdicts/star.ts'

const many = Number(process.env.LOGGIA_BENCH_LINES ?? 1_000_000)
const rounds = 3
/** The page makes its roll-ups, and the browser compiles the engine, in less. */
const calm = 30_000

/** Milliseconds of one search: in the page's engine, by native DuckDB that is asked the same SQL, and by rg. */
interface Searched {
  what: string
  lines: number
  page: number
  native: number
  rg: number
}

/** Searches over a log in Chromium, by native DuckDB and by rg in turn. */
export const measure = (): Promise<Section[]> =>
  inBrowser(async ({ stack, browser, memory }) => {
    const site = await fillSite(stack, 'searched', many, 'combined')
    const native = await loadStar(join(stack.data, 'star.db'), site)
    const { combined } = await makeLines(many)
    await openList(browser.page, stack, site)
    await browser.page.waitForTimeout(calm)
    const all: Searched[] = []
    for (let round = 0; round < rounds; round++) {
      // A page remembers its answers: each round has one of its own.
      await openList(browser.page, stack, site)
      for (const search of searches) {
        const byRg = countByRg(combined, search)
        const page = await searchInPage(browser.page, stack, site, search)
        const byNative = await searchNative(native, site, search)
        for (const [who, { lines }] of Object.entries({ 'the page': page, DuckDB: byNative }))
          if (lines !== byRg.lines)
            throw new Error(`${search.query}: ${who} finds ${lines} lines, rg ${byRg.lines}`)
        all.push({ what: search.what, lines: byRg.lines, page: page.ms, native: byNative.ms, rg: byRg.ms })
      }
    }
    await native.close()
    await openList(browser.page, stack, site)
    memory.peak()
    const list = await moveAbout(browser.page, 'bot')
    return [reportSearches(all), reportList(list, memory.peak())]
  })

/** The star of a site's parts, as the page has it. */
async function loadStar(file: string, { parts, files }: Site) {
  const connection = await openNative(file)
  const store = new Store(connection)
  await store.open('search')
  for (const part of parts.toSorted((a, b) => b.min_time - a.min_time)) {
    const path = files.find((name) => name.endsWith(`/${part.id}.parquet`))!
    await loadPart(store, { part, bytes: new Uint8Array(readFileSync(path)) })
  }
  await connection.run('CHECKPOINT')
  return connection
}

const addressOf = (stack: OwnStack, { name, period }: Site, filter = '') =>
  `${stack.url}/s/${name}/explore?p=${period}${filter && `&${filter}`}`

async function openList(page: Page, stack: OwnStack, site: Site) {
  await page.goto(addressOf(stack, site))
  await page.waitForFunction(
    (wanted) => {
      const more = document.querySelector<HTMLButtonElement>('.notice button:not([data-agreed])')
      if (more?.textContent?.startsWith('Load')) {
        more.dataset.agreed = ''
        more.click()
      }
      const counted = document.querySelector('p.count b')?.textContent ?? ''
      return Number(counted.replaceAll(',', '')) === wanted && !document.querySelector('[aria-busy=true]')
    },
    site.hits,
    { timeout: Math.max(180_000, site.hits / 20), polling: 50 }
  )
}

const clausesOf = ({ query, isCased = false }: Search) => {
  const { clauses, problems } = parse(query, { isCased })
  if (problems.length) throw new Error(`${query}: ${problems[0]!.message}`)
  return clauses
}

/** The statements with which the list counts its lines: what it looks up, and the count itself. */
async function searchInPage(page: Page, stack: OwnStack, site: Site, search: Search) {
  await takeAsked(page)
  await clickLink(page, addressOf(stack, site, writeClauses(clausesOf(search))))
  await page.waitForFunction(() =>
    loggiaAsked.some(({ sql, ms }) => ms && /AS rung[^]*WHERE time >=/.test(sql))
  )
  await page.waitForFunction(() => !document.querySelector('[aria-busy=true], header .progress'))
  const lines = Number((await page.locator('p.count b').textContent())!.replaceAll(',', ''))
  const asked = await takeAsked(page)
  const last = asked.findIndex(({ sql }) => /AS rung[^]*WHERE time >=/.test(sql))
  const { connection } = asked[last]!
  const own = asked.slice(0, last + 1).filter((one) => one.connection === connection)
  return { lines, ms: own.reduce((sum, { ms }) => sum + ms, 0) }
}

async function searchNative(connection: Awaited<ReturnType<typeof openNative>>, site: Site, search: Search) {
  const { from, to } = readPeriod(site.period, Date.now(), null)
  const selection: Selection = { from, to, traffic: 'all', clauses: clausesOf(search) }
  const query = new Query(connection)
  query.hits = site.hits
  query.putsAside = false
  const start = performance.now()
  await query.select(selection)
  const { lines } = await countLines(query, selection)
  return { lines, ms: performance.now() - start }
}

function reportSearches(all: readonly Searched[]): Section {
  const rows = searches.map(({ what }) => {
    const own = all.filter((one) => one.what === what)
    const of = (who: 'page' | 'native' | 'rg') => `${short(median(own.map((one) => one[who])))} ms`
    return [
      what,
      own[0]!.lines.toLocaleString('en'),
      `**${short(median(own.map(({ page, rg }) => page / rg)))}**`,
      short(median(own.map(({ native, rg }) => native / rg))),
      of('page'),
      of('native'),
      of('rg')
    ]
  })
  return {
    title: 'Search',
    how: `Queries of *Explore* over ${many.toLocaleString('en')} lines in combined format: what the list asks to count the lines that pass, in the page's engine in Chromium and by native DuckDB on one thread, which is asked the same SQL over the same star; against \`rg\` on the raw log, whose counts are the same; medians of ${rounds}.`,
    columns: ['what', 'lines', 'Loggia ÷ rg', 'DuckDB ÷ rg', 'Loggia', 'DuckDB', 'rg'],
    rows
  }
}

function reportList({ moved, task }: Awaited<ReturnType<typeof moveAbout>>, bytes: number): Section {
  return {
    title: 'List',
    how: `From a key or a turn of the wheel until every row in sight has its line, in a list of ${many.toLocaleString('en')} lines in Chromium without a GPU.`,
    columns: ['what', 'median', 'most', 'aim'],
    rows: [
      ...moved.map(({ what, middle, most, aim }) => [what, `${short(middle)} ms`, `${short(most)} ms`, aim]),
      ["the page's thread busy at a stretch", '', `${short(task)} ms`, '200 ms'],
      ['memory meanwhile', '', `${short(bytes / 1e6)} MB`, '500 MB']
    ]
  }
}
