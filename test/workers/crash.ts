import { env, reset, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { columns, type AcceptedHit } from '#lib/schema/hit.ts'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { bufferOf } from '../../workers/access/reach.ts'
import type { HitBuffer } from '../../workers/store/hit-buffer.ts'
import { partKey } from '../../workers/store/keys.ts'
import { toLogRows } from '../../workers/store/log-row.ts'
import type { Batch } from '../../workers/store/log.ts'
import { PartReader } from '../../workers/store/parquet.ts'
import { called, install, manners, sabotage, type Point } from './sabotage.ts'

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour
/** Days ahead of the platform's own clock, so that no alarm rings but those that are rung here. */
const start = Math.floor(Date.now() / day) * day + 9.5 * day

const blank = Object.fromEntries(
  columns.filter((column) => column.from === 'accept').map((column) => [column.name, null])
) as unknown as AcceptedHit

declare module 'vitest' {
  interface ProvidedContext {
    /** `npm run proof`: each point crashes while it recovers, too. */
    isProof: boolean
  }
}

/** Lines by number: those of a batch are known again by its key, and by their ids. */
function batchOf(from: number, count: number, time: number, key: string | null): Batch {
  const hits = Array.from({ length: count }, (_, i) => ({
    ...blank,
    kind: 'request',
    time,
    path: `/${from + i}`,
    ip: `203.0.113.${(from + i) % 5}`,
    shape: 'nginx',
    request_id: `id ${from + i}`
  }))
  return { key, received: Date.now(), token: 't', rows: toLogRows(hits), refusals: [] }
}

/** One site, and what its forwarder knows of it. */
export class Site {
  readonly name: string
  /** Lines that were acknowledged, and those that were let go after. */
  readonly acknowledged = new Set<number>()
  readonly gone = new Set<number>()
  /** The first line of the run that goes on, and when its lines were written: sent again they are the same. */
  from = 0
  written = 0

  constructor(name: string) {
    this.name = name
  }

  get buffer() {
    return bufferOf(env, this.name)
  }

  /** One try to send lines of this run; the forwarder knows no more than whether it was answered. */
  async post(first: number, count: number, age = 0, hasKey = true): Promise<void> {
    const from = this.from + first
    const key = hasKey ? `${from} ${count}` : null
    await this.buffer.append(this.name, batchOf(from, count, this.written - age, key))
    for (let i = 0; i < count; i++) this.acknowledged.add(from + i)
  }

  ring = () => runDurableObjectAlarm(this.buffer)

  /** Rings until everything is in parts. */
  async settle(): Promise<void> {
    pass(2 * minute)
    for (let i = 0; i < 20; i++) {
      await this.ring()
      if (!(await this.buffer.status()).unflushed_rows) return
      pass(6 * minute)
    }
    throw new Error(`site ${this.name} still has unflushed rows`)
  }

  /** How often each line is in the live parts. */
  async lines(): Promise<Map<number, number>> {
    const found = new Map<number, number>()
    const { parts } = await this.buffer.manifest(this.name)
    for (const part of parts) {
      const object = await env.PARTS.get(partKey(this.name, part))
      const reader = PartReader.of(new Uint8Array(await object!.arrayBuffer()))
      for (const path of await reader.values('path', 0)) {
        const number = Number(String(path).slice(1))
        found.set(number, (found.get(number) ?? 0) + 1)
      }
    }
    return found
  }
}

/** What is tried, and what a forwarder does after it failed. */
export interface Scene {
  name: string
  prepare: (site: Site) => Promise<unknown>
  attempt: (site: Site) => Promise<unknown>
  /** Until it is answered. */
  again?: (site: Site) => Promise<unknown>
  /** It takes so long that it crashes only once. */
  isLong?: true
  /** In `npm test`, each point crashes in one manner instead of all. */
  hasManyPoints?: true
}

export const pass = (ms: number) => vi.setSystemTime(Date.now() + ms)

/** What a site has grows with each point, and so does the time that a run takes. */
const perSite = 5

const totals = { runs: 0, acknowledged: 0, lost: 0, twice: 0 }
let sites = 0
let uptime = 0

const stateOf = (site: Site) => runInDurableObject(site.buffer, (_: HitBuffer, state) => state)

/** One run on a site: the scene is tried, fails at each point, and what waits drains. Gives how many points there are. */
async function run(
  { prepare, attempt, again }: Scene,
  site: Site,
  points: (Point | null)[]
): Promise<number> {
  site.written = Date.now()
  await prepare(site)
  let count = 0
  for (const point of points) {
    const state = await stateOf(site)
    install(state)
    await sabotage(state, point, () => attempt(site)).catch(() => {})
    count = Math.max(count, called().length)
    if (point) totals.runs++
    // Who was aborted in its turn keeps it for a while.
    uptime += minute
    pass(6 * minute)
  }
  if (again) await again(site)
  await site.settle()
  site.from += 24
  return count
}

/** Lines that are let go may still be there when retention has not come to them. */
async function judge(site: Site): Promise<void> {
  const found = await site.lines()
  for (const line of site.acknowledged) {
    if (site.gone.has(line)) continue
    totals.acknowledged++
    if (!found.has(line)) totals.lost++
  }
  for (const times of found.values()) if (times > 1) totals.twice++
  expect((await site.buffer.fsck(false)).findings).toEqual([])
}

/** True for one manner at each point. Calls that repeat after three others still meet all manners. */
const isOneOfAll = ({ at, manner }: Point) => manners[(at + Math.floor(at / 3)) % manners.length] === manner

const open = () => new Site(`crash-${sites++}`)

/** Declares a test for each scene. The scenes are spread over two files, since Vitest runs each file in a workerd of its own. */
export function crashIn(scenes: Scene[]): void {
  beforeAll(async () => {
    await reset()
    vi.setSystemTime(start)
    const now = performance.now.bind(performance)
    performance.now = () => now() + uptime
    scheduler.wait = () => Promise.resolve()
    vi.spyOn(console, 'error').mockImplementation(() => {})
  })

  afterAll(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
    const { runs, acknowledged, lost, twice } = totals
    console.log(
      `${runs} crashes in workerd: ${acknowledged} lines acknowledged, ${lost} lost, ${twice} twice`
    )
  })

  describe('a crash at any call to the platform', () => {
    it.each(scenes)('in $name loses nothing and doubles nothing', { timeout: 300_000 }, async (scene) => {
      const count = await run(scene, open(), [null])
      expect(count).toBeGreaterThan(3)
      const all = manners.flatMap((manner) => Array.from({ length: count }, (_, at) => ({ at, manner })))
      const points = scene.hasManyPoints && !inject('isProof') ? all.filter(isOneOfAll) : all
      for (let first = 0; first < points.length; first += perSite) {
        const site = open()
        for (const [i, point] of points.slice(first, first + perSite).entries()) {
          await run(scene, site, [point])
          // And again while it recovers.
          if (!scene.isLong && (i === 0 || inject('isProof')))
            await run(scene, site, [point, { ...point, at: (point.at * 7) % count }])
        }
        await judge(site)
      }
      expect([totals.lost, totals.twice]).toEqual([0, 0])
      console.log(`${scene.name}: ${count} points`)
    })
  })
}
