import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { asNginx } from '../src/lib/sample/lines.ts'
import { load } from '../src/lib/sample/load.ts'
import { launchBrowser } from '../test/e2e/browser.ts'
import { follow } from '../test/e2e/overview.ts'
import { OwnStack } from '../test/e2e/stack.ts'
import { watchTasks } from './long-tasks.ts'
import { watchMemory } from './renderers.ts'
import { median, quantile, short, type Section } from './report.ts'

const minutes = Number(process.env.LOGGIA_BENCH_MINUTES ?? 1)
const rate = 1_000
const site = 'busy'
/** A task of so many ms is felt. */
const felt = 200
/** How long the page has to count all hits after the last push, in milliseconds. */
const patience = 120_000

declare global {
  /** When the page first listed a marked line, by its number; ms since 1970. */
  var loggiaListed: Map<number, number>
}

/** A site that gets 1,000 hits a second, with *Live* open in Chromium. */
export async function measure(): Promise<Section> {
  const before = loadavg()[0]!
  const profile = mkdtempSync(join(tmpdir(), 'loggia-device-'))
  const memory = watchMemory(profile)
  const stack = await OwnStack.start()
  const browser = await launchBrowser(profile)
  try {
    await watchTasks(browser.context)
    await stack.signIn(browser.context)
    const first = requests()
    await push(stack, first.next().value)
    await stack.waitForRows(site, rate)
    await openLive(browser.page, `${stack.url}/s/${site}/live?p=24h`)
    const memories = [memory.now()]
    const half = (minutes * 60) / 2
    const sent = await pushFor(stack, first, half)
    memories.push(memory.now())
    sent.push(...(await pushFor(stack, first, half, sent.length)))
    memories.push(memory.now())
    const pushed = rate * (sent.length + 1)
    await untilListed(browser.page, sent.length)
    const tasks = await browser.page.evaluate(() => loggiaTasks)
    const listed = await browser.page.evaluate(() => [...loggiaListed])
    const counted = await countOn(browser.page, `${stack.url}/s/${site}?p=24h`, pushed)
    const delays = delaysOf(sent, new Map(listed))
    return report({ pushed, counted, delays, tasks, memories, loads: [before, loadavg()[0]!] })
  } finally {
    memory.stop()
    await browser.close()
    await stack.stop()
    rmSync(profile, { recursive: true, force: true })
  }
}

/** The requests of one second after the other, without end. */
const requests = () =>
  load({ seed: 1, rate, levels: ['low'], lasts: 60, isAttacked: false }, 0) as Generator<
    Parameters<typeof asNginx>[0][],
    never
  >

type Requests = ReturnType<typeof requests>

/** Sends a second of requests as if they came now; the last one is marked by a number. */
async function push(stack: OwnStack, some: Parameters<typeof asNginx>[0][], mark = 0): Promise<void> {
  const now = Date.now()
  const lines = some.map((request, i) =>
    asNginx({
      ...request,
      time: now - some.length + i,
      ...(i === some.length - 1 && { path: `/marked/${mark}` })
    })
  )
  await stack.push(lines, { type: 'text/plain', site, encoding: 'gzip' })
}

/** Pushes once a second, whether or not the last batch is answered. Returns when each batch left. */
async function pushFor(stack: OwnStack, all: Requests, seconds: number, from = 0): Promise<number[]> {
  const start = Date.now()
  const left: number[] = []
  const answers: Promise<void>[] = []
  for (let i = 0; i < seconds; i++) {
    await sleep(Math.max(0, start + i * 1_000 - Date.now()))
    left.push(Date.now())
    const answer = push(stack, all.next().value, from + left.length)
    // A refusal is thrown where all are awaited.
    answer.catch(() => {})
    answers.push(answer)
  }
  await Promise.all(answers)
  return left
}

/** Opens *Live* and notes when it first lists a marked line. */
async function openLive(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await page.getByRole('list', { name: 'Newest lines' }).getByRole('listitem').first().waitFor()
  await page.evaluate(() => {
    globalThis.loggiaListed = new Map()
    loggiaTasks.length = 0
    const look = () => {
      const text = document.querySelector('[aria-label="Newest lines"]')?.textContent ?? ''
      for (const [, mark] of text.matchAll(/\/marked\/(\d+)/g))
        if (!loggiaListed.has(Number(mark))) loggiaListed.set(Number(mark), Date.now())
    }
    new MutationObserver(look).observe(document.body, { childList: true, characterData: true, subtree: true })
  })
}

const untilListed = (page: Page, mark: number) =>
  page.waitForFunction((mark) => loggiaListed.has(mark), mark, { timeout: patience })

/** The hits that the overview counts, once they are as many as were pushed. */
async function countOn(page: Page, address: string, pushed: number): Promise<number> {
  await follow(page, address)
  const read = () =>
    page.evaluate(() =>
      Number(document.querySelector('#figure-requests')?.getAttribute('title')?.replace(/\D/g, '') ?? 0)
    )
  const end = Date.now() + patience
  let counted = await read()
  for (; counted < pushed && Date.now() < end; counted = await read()) await sleep(500)
  return counted
}

/** Only the newest lines are listed: a batch was on the page at the latest when a later one was. */
function delaysOf(sent: readonly number[], listed: ReadonlyMap<number, number>): number[] {
  let seen = Infinity
  return sent
    .map((left, i) => [left, listed.get(i + 1) ?? Infinity] as const)
    .toReversed()
    .map(([left, at]) => (seen = Math.min(seen, at)) - left)
}

function report({
  pushed,
  counted,
  delays,
  tasks,
  memories,
  loads
}: {
  pushed: number
  counted: number
  delays: number[]
  tasks: number[]
  memories: number[]
  loads: number[]
}): Section {
  const ms = (value: number) => `${short(value)} ms`
  const [begin, middle, end] = memories.map((bytes) => `${short(bytes / 1e6)} MB`)
  return {
    title: 'Live',
    how: `${rate.toLocaleString('en')} hits a second for ${minutes} min, one batch a second, into local workerd, with *Live* open in Chromium on the same cores. The delay of a batch is from when it leaves until the page lists its last line, or a later one. Memory is the PSS of all renderer processes. The load of the machine was ${loads.map(short).join(' before and ')} after.`,
    columns: ['what', 'figure', 'aim'],
    rows: [
      ['**lines counted ÷ lines pushed**', `**${(counted / pushed).toFixed(4)}**`, '1'],
      ['lines pushed', pushed.toLocaleString('en'), ''],
      ['lines counted on the page', counted.toLocaleString('en'), ''],
      ['delay from push to page, median', ms(median(delays)), '5000 ms'],
      ['delay, p95', ms(quantile(delays, 0.95)), ''],
      ['longest task', ms(Math.max(0, ...tasks)), `${felt} ms`],
      [`tasks over ${felt} ms`, tasks.filter((task) => task > felt).length, '0'],
      ['memory at the begin', begin!, ''],
      ['memory in the middle', middle!, ''],
      ['memory at the end', end!, '500 MB']
    ]
  }
}
