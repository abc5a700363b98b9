import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { Random } from '../../src/lib/sample/random.ts'
import { asNginx } from '../../src/lib/sample/lines.ts'
import { traffic } from '../../src/lib/sample/traffic.ts'
import { amount } from '../amounts.ts'
import { needs } from '../needs.ts'
import { countDelivered } from './delivered.ts'
import { OwnStack } from './stack.ts'
import { claimUdpPort, startSyslogNg, type SyslogNg, type SyslogNgOptions } from './syslog-ng.ts'

const site = 'killed'
const kills = amount('kills')
/**
 * Two full batches of syslog-ng just before each kill, so that it finds one under way, and some lines around them. At each
 * third kill syslog-ng is killed as well, and cuts what it has no answer to into batches of another size.
 */
const lines = { trickle: 50, burst: 2_000, down: 100 }
const trickles = 8
const linesPerKill = lines.trickle * trickles + lines.burst + lines.down
const seed = 7
const limit = 240_000
const day = 86_400_000

needs('syslog-ng')('a server that is killed again and again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loggia-kill-'))
  const log = join(folder, 'loggia.log')
  let stack: OwnStack
  let syslogNg: SyslogNg
  let forwarder: SyslogNgOptions

  beforeAll(async () => {
    writeFileSync(log, '')
    mkdirSync(join(folder, 'syslog-ng'))
    stack = await OwnStack.start()
    const { url, token } = stack
    const port = await claimUdpPort()
    forwarder = { folder: join(folder, 'syslog-ng'), url, token, log, port }
    syslogNg = await startSyslogNg(forwarder)
  })

  afterAll(async () => {
    await syslogNg?.stop()
    await stack?.stop()
    rmSync(folder, { recursive: true })
  })

  it(
    'keeps every line that the forwarder delivers, and each once',
    async () => {
      const random = new Random(seed)
      const to = Date.now()
      // Two days that are over and one that goes on: merges happen in all of them.
      const requests = traffic({ seed, from: to - 2 * day, to, hits: kills * linesPerKill })
      const waiting = shuffle(
        Array.from(requests, (request) => asNginx(request, site)),
        random
      )
      const write = (count: number) => appendFileSync(log, waiting.splice(0, count).join('\n') + '\n')
      const total = waiting.length

      const began = Date.now()
      for (let kill = 0; kill < kills; kill++) {
        // Watched, it flushes every 2 s; unwatched, it merges as soon as there are eight parts.
        const socket = random.chance(0.6) ? stack.client.watch(site) : null
        await trickle(() => write(lines.trickle), trickles, random.between(300, 1_300))
        const cutsAnew = kill % 3 === 2
        const before = cutsAnew ? await accepted() : 0
        write(lines.burst)
        if (cutsAnew)
          await vi.waitUntil(async () => (await accepted()) > before + 500, { timeout: 5_000, interval: 1 })
        else await sleep(random.between(100, 400))
        // The forwarder goes first, so that what is under way is stored and nobody hears of it.
        if (cutsAnew) await syslogNg.stop('SIGKILL')
        if (cutsAnew) await sleep(random.between(50, 300))
        const restarted = stack.crash()
        write(lines.down)
        if (cutsAnew) syslogNg = await startSyslogNg({ ...forwarder, batchLines: 150 + random.below(1_350) })
        await restarted
        socket?.close()
      }
      const seconds = (Date.now() - began) / 1_000

      // What is lost is told by name below.
      await stack.waitForRows(site, total, 80_000).catch(() => undefined)
      await vi.waitUntil(() => syslogNg.isIdle(), soon)
      await vi.waitUntil(async () => (await stack.client.status(site)).unflushed_rows === 0, soon)

      const counted = await countDelivered(stack.client, site, log)
      const { outcomes } = await stack.client.status(site)
      console.log(
        `${kills} kills in ${seconds.toFixed(0)} s (seed ${seed}), ${total} lines: ${counted.lost} lost, ${counted.twice} twice, ${outcomes.duplicate ?? 0} known again`
      )
      expect(counted).toEqual({ kept: total, lost: 0, twice: 0, unknown: 0 })
      expect(outcomes).toMatchObject({ accepted: total })
      // Ten times the forwarder was killed with lines under way: some of them were stored, and came in other batches.
      if (kills >= 30) expect(outcomes.duplicate).toBeGreaterThan(0)
      expect(seconds * 1_000).toBeLessThan(limit)
    },
    limit + 90_000
  )

  const accepted = async () => (await stack.client.status(site)).outcomes.accepted ?? 0
})

const soon = { timeout: 20_000, interval: 250 }

/** Does something so many times in `ms`. */
async function trickle(step: () => void, times: number, ms: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    step()
    await sleep(ms / times)
  }
}

function shuffle<T>(items: T[], random: Random): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const other = random.below(i + 1)
    ;[items[i], items[other]] = [items[other]!, items[i]!]
  }
  return items
}
