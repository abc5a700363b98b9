import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { launchBrowser } from '../test/e2e/browser.ts'
import { OwnStack } from '../test/e2e/stack.ts'
import { openAll, untilRolled } from './overview.ts'
import { Peer } from './peer.ts'
import { watchMemory, type Memory } from './renderers.ts'
import { median, short, type Section } from './report.ts'
import { fillSite, type Site } from './sites.ts'

const many = Number(process.env.LOGGIA_BENCH_LINES ?? 1_000_000)
const some = 100_000
const repeats = 3
/** Milliseconds at the second visit in which the browser compiles what is busy of the engine, and keeps it. */
const untilCompiled = 10_000

/** A site is opened in Chromium from navigation to all panels; native DuckDB does the same with the same parts. */
export async function measure(): Promise<Section> {
  const stack = await OwnStack.start()
  try {
    const tiny = await fillSite(stack, 'tiny', 1_000)
    const small = await fillSite(stack, 'small', some)
    const large = await fillSite(stack, 'large', many)
    const first = await measureFirst(stack, tiny, small)
    return report(first, await measureAgain(stack, large))
  } finally {
    await stack.stop()
  }
}

interface Pair {
  page: number
  peer: number
}

/** The first sync: on a device that has nothing, and on one that has the engine already. */
async function measureFirst(stack: OwnStack, tiny: Site, small: Site): Promise<{ bare: Pair; ready: Pair }> {
  const pairs: { bare: Pair; ready: Pair }[] = []
  for (let i = 0; i < repeats; i++) {
    const { ms: bare } = await onNewDevice(stack, (visit) => visit(small))
    const peer = await timePeer(stack, small, true)
    const ready = await onNewDevice(stack, async (visit) => (await visit(tiny), (await visit(small)).ms))
    pairs.push({ bare: { page: bare, peer }, ready: { page: ready, peer } })
  }
  return { bare: middle(pairs.map(({ bare }) => bare)), ready: middle(pairs.map(({ ready }) => ready)) }
}

/** From the third visit on of a device that has all hits, each by a browser that was just started; and its memory. */
async function measureAgain(stack: OwnStack, large: Site) {
  return onNewDevice(stack, async (visit) => {
    const filled = await visit(large, untilRolled(large.requests))
    await timePeer(stack, large, true)
    await visit(large, untilCompiled)
    const pairs: Pair[] = []
    const memories: number[] = []
    for (let i = 0; i < repeats; i++) {
      const { ms, memory } = await visit(large)
      memories.push(memory)
      pairs.push({ page: ms, peer: await timePeer(stack, large, false) })
    }
    return { ...middle(pairs), filled, memory: Math.max(...memories), hits: large.hits }
  })
}

const middle = (pairs: readonly Pair[]): Pair => ({
  page: median(pairs.map(({ page }) => page)),
  peer: median(pairs.map(({ peer }) => peer))
})

type Visit = (site: Site, stay?: number) => Promise<{ ms: number; memory: number }>

/** A profile that outlives the browsers that `work` starts in it, one a visit. */
async function onNewDevice<T>(stack: OwnStack, work: (visit: Visit) => Promise<T>): Promise<T> {
  const profile = mkdtempSync(join(tmpdir(), 'loggia-device-'))
  const memory = watchMemory(profile)
  try {
    return await work((site, stay = 1_500) => visit(stack, site, profile, memory, stay))
  } finally {
    memory.stop()
    rmSync(profile, { recursive: true, force: true })
  }
}

async function visit(stack: OwnStack, site: Site, profile: string, memory: Memory, stay: number) {
  const browser = await launchBrowser(profile)
  try {
    await stack.signIn(browser.context)
    memory.peak()
    const ms = await openAll(browser.page, addressOf(stack, site), site.requests)
    // The service worker keeps the engine for the next visit.
    await browser.page.evaluate(async () => void (await navigator.serviceWorker.ready))
    await sleep(stay)
    return { ms, memory: memory.peak() }
  } finally {
    await browser.close()
  }
}

const addressOf = (stack: OwnStack, { name, period }: Site) => `${stack.url}/s/${name}?p=${period}`

/** Milliseconds of the peer: from parts or from its file to all answers. */
async function timePeer(stack: OwnStack, site: Site, isFirst: boolean) {
  const file = join(stack.data, `${site.name}.db`)
  const start = performance.now()
  const peer = isFirst ? await Peer.load(file, site.files) : await Peer.open(file)
  await peer.ask(addressOf(stack, site))
  const took = performance.now() - start
  await peer.close()
  return took
}

function report(
  { bare, ready }: Awaited<ReturnType<typeof measureFirst>>,
  again: Awaited<ReturnType<typeof measureAgain>>
): Section {
  const seconds = (ms: number) => `${short(ms / 1000)} s`
  const MB = (bytes: number) => `${short(bytes / 1e6)} MB`
  const line = (what: string, { page, peer }: Pair, aim = '') => [
    what,
    `**${short(page / peer)}**`,
    seconds(page),
    seconds(peer),
    aim
  ]
  const hits = again.hits.toLocaleString('en')
  return {
    title: 'Open',
    how: `From navigation to the last panel in Chromium, against native DuckDB on one thread that opens its file, or reads the same parts into it, and asks the same; medians of ${repeats}, each by a browser just started; where hits are already on the device, from its third visit on. Memory is the PSS of all its renderer processes, at its peak.`,
    columns: ['what', 'Loggia ÷ DuckDB', 'Loggia', 'DuckDB', 'aim'],
    rows: [
      line(`${hits} hits, already on the device`, again, '4 s'),
      line(`first ${some.toLocaleString('en')} hits, engine on the device`, ready, '4 s'),
      line(`first ${some.toLocaleString('en')} hits, nothing on the device`, bare),
      [`first ${hits} hits, nothing on the device, once`, '', seconds(again.filled.ms), '', ''],
      [`memory with ${hits} hits`, '', MB(again.memory), '', '500 MB'],
      ['memory while they are first loaded', '', MB(again.filled.memory), '', '']
    ]
  }
}
