import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser } from '../test/e2e/browser.ts'
import type { OwnStack } from '../test/e2e/stack.ts'
import { takeAsked } from './asked.ts'
import { inBrowser } from './in-browser.ts'
import { longestTask } from './long-tasks.ts'
import { click, openAll, settle, targets, untilRolled, type Target } from './overview.ts'
import { Peer } from './peer.ts'
import type { Memory } from './renderers.ts'
import { median, short, type Section } from './report.ts'
import { fillSite, type Site } from './sites.ts'

const sizes = [...new Set([100_000, Number(process.env.LOGGIA_BENCH_LINES ?? 1_000_000)])]
const rounds = 3
/** A browser with memory to spare collects what is left over only when a page is calm. */
const untilCollected = 20_000

/** One click, in the page and at the peer: milliseconds in the engine, and until the last answer is there. */
interface Clicked {
  target: string
  page: { engine: number; whole: number; task: number }
  peer: { engine: number; whole: number }
}

/** All queries of the page after a click, in Chromium and by native DuckDB in turn. */
export const measure = (): Promise<Section> =>
  inBrowser(async ({ stack, browser, memory }) => {
    const all = []
    for (const size of sizes) {
      const site = await fillSite(stack, `of-${size}`, size)
      all.push({ site, ...(await measureSite(stack, browser, memory, site)) })
    }
    return report(all)
  })

/** What is found of a site: each click, and the bytes of the page, at most while it is clicked on and when left alone. */
interface Measured {
  clicks: Clicked[]
  bytes: { busy: number; calm: number }
}

async function measureSite(stack: OwnStack, browser: Browser, memory: Memory, site: Site): Promise<Measured> {
  const peer = await Peer.load(join(stack.data, `${site.name}.db`), site.files)
  const clicks: Clicked[] = []
  for (let round = 0; round < rounds; round++) {
    // A page remembers its answers: each round has one of its own.
    // The peer judges nobody, and so has no verdicts to list.
    const address = `${stack.url}/s/${site.name}?p=${site.period}&tab.bots=agent`
    await openAll(browser.page, address, site.requests)
    if (!round) await sleep(untilRolled(site.requests))
    // Told of the last round: in the first the hits have just come, and what that took is told by `open`.
    memory.peak()
    for (const target of targets) clicks.push(await measureClick(browser, peer, target))
  }
  await peer.close()
  const busy = memory.peak()
  await sleep(untilCollected)
  return { clicks, bytes: { busy, calm: memory.now() } }
}

async function measureClick({ page }: Browser, peer: Peer, target: Target): Promise<Clicked> {
  await takeAsked(page)
  await longestTask(page)
  const whole = await click(page, target)
  const asked = await takeAsked(page)
  if (!asked.length) throw new Error(`${target.name}: the page asked nothing`)
  const task = await longestTask(page)
  const engine = asked.reduce((sum, { ms }) => sum + ms, 0)
  const answered = await peer.ask(page.url())
  await page.goBack()
  await settle(page)
  return { target: target.name, page: { engine, whole, task }, peer: answered }
}

function report(all: (Measured & { site: Site })[]): Section {
  return {
    title: 'Ask',
    how: `All queries of the page after a click, against native DuckDB on one thread over a flat file of the same rows, asked the same in SQL for a flat table; medians of ${targets.length} clicks on different things, ${rounds} times each. The engine is from question to answer on its connection, the whole from the click to the last panel; the peer's whole is its macros and queries.`,
    columns: ['what', 'Loggia ÷ DuckDB', 'Loggia', 'DuckDB', 'aim'],
    rows: all.flatMap(({ site, clicks, bytes }) => {
      const hits = site.hits.toLocaleString('en')
      return [
        line(`**engine, ${hits} hits**`, clicks, 'engine', '1.2'),
        line(`click to last panel, ${hits} hits`, clicks, 'whole'),
        [
          `the page's thread busy at a stretch, ${hits} hits, at most`,
          '',
          `${short(Math.max(...clicks.map(({ page }) => page.task)))} ms`,
          '',
          '100 ms'
        ],
        [`memory after its clicks, ${hits} hits`, '', MB(bytes.calm), '', '500 MB'],
        [`memory while it is clicked on without a pause, ${hits} hits`, '', MB(bytes.busy), '', ''],
        ...targets.map(({ name }) =>
          line(
            `engine after ${name}`,
            clicks.filter(({ target }) => target === name),
            'engine'
          )
        )
      ]
    })
  }
}

const MB = (bytes: number) => `${short(bytes / 1e6)} MB`

function line(what: string, clicks: readonly Clicked[], part: 'engine' | 'whole', aim = '') {
  const ratio = median(clicks.map(({ page, peer }) => page[part] / peer[part]))
  const ms = (of: 'page' | 'peer') => `${short(median(clicks.map((clicked) => clicked[of][part])))} ms`
  return [what, `**${ratio.toFixed(2)}**`, ms('page'), ms('peer'), aim]
}
