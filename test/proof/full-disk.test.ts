import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { Client } from '../../cli/client.ts'
import { startServer, type Server } from '../../cli/server.ts'
import { Random } from '../../src/lib/sample/random.ts'
import { asNginx } from '../../src/lib/sample/lines.ts'
import { traffic } from '../../src/lib/sample/traffic.ts'
import { countDelivered } from '../e2e/delivered.ts'
import { claimUdpPort, startSyslogNg, type SyslogNg } from '../e2e/syslog-ng.ts'
import { needs } from '../needs.ts'
import { SmallDisk } from './small-disk.ts'
import { startWitness, type Noted } from './witness.ts'

const site = 'full'
/** Times that the disk is full, for seconds each. */
const spells = 30
const seed = 7
/** Lines are written so often, as many as a batch holds. */
const pause = 100
const batchLines = 300
const total = 150_000
const kb = 1 << 10
const minute = 60_000

needs('syslog-ng', 'tmpfs')('a server whose disk is full again and again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loggia-full-'))
  const log = join(folder, 'loggia.log')
  let disk: SmallDisk
  let server: Server
  let client: Client
  let witness: Awaited<ReturnType<typeof startWitness>>
  let syslogNg: SyslogNg

  beforeAll(async () => {
    writeFileSync(log, '')
    disk = new SmallDisk(96)
    server = await startServer({ data: join(disk.path, 'data') })
    client = await Client.signIn(server.url, server.password)
    const token = await client.createToken(site)
    witness = await startWitness(server.url)
    const port = await claimUdpPort()
    syslogNg = await startSyslogNg({ folder, url: witness.url, token, log, port, batchLines })
  }, 5 * minute)

  afterAll(async () => {
    await syslogNg?.stop()
    await witness?.stop()
    await server?.stop()
    disk?.unmount()
    rmSync(folder, { recursive: true })
  })

  it(
    'keeps every line, each once, and acknowledges none that it does not keep',
    async () => {
      const random = new Random(seed)
      const to = Date.now()
      const waiting = Array.from(traffic({ seed, from: to - 86_400_000, to, hits: total }), (request) =>
        asNginx(request, site)
      )
      const write = (count: number) => {
        const lines = waiting.splice(0, count)
        if (lines.length > 0) appendFileSync(log, lines.join('\n') + '\n')
      }
      const writing = setInterval(() => write(batchLines), pause)

      for (let spell = 0; spell < spells; spell++) {
        const until = Date.now() + random.between(2_000, 6_000)
        // Nearly full is worse than full: some writes succeed, and others beside them fail.
        while (Date.now() < until) {
          disk.leave(random.chance(0.5) ? 0 : random.below(512) * kb)
          await sleep(random.between(10, 200))
        }
        disk.clear()
        await sleep(random.between(500, 3_000))
      }
      clearInterval(writing)
      write(waiting.length)

      // What is not there by then is counted below as lost.
      const unflushed = async () => (await client.status(site)).unflushed_rows
      const soon = { timeout: 5 * minute, interval: 250 }
      await client.waitForRows(site, total, 5 * minute).catch(() => undefined)
      await vi.waitUntil(() => syslogNg.isIdle(), soon).catch(() => undefined)
      await vi.waitUntil(async () => (await unflushed()) === 0, soon).catch(() => undefined)
      const counted = await countDelivered(client, site, log)
      console.log(
        [
          `a disk full ${spells} times (seed ${seed}), ${total} lines: ${counted.lost} lost, ${counted.twice} twice`,
          `${await unflushed()} not flushed, ${disk.free >> 20} MB left on the disk`,
          ...tell(witness.answers)
        ].join('\n')
      )
      expect(counted).toEqual({ kept: total, lost: 0, twice: 0, unknown: 0 })
      expect(witness.answers.filter(isWrong)).toEqual([])
      expect(witness.answers.some(({ status }) => status === 503)).toBe(true)
    },
    spells * 30_000 + 20 * minute
  )
})

/** A 200 that does not speak of every line of its batch as good, and what is neither a 200 nor a wish to wait. */
function isWrong({ status, lines, received, rejected }: Noted): boolean {
  if (status === 200) return received !== lines || rejected > 0
  return status !== 503 && status !== 429
}

/** How often each answer was given, a line each. */
function tell(answers: readonly Noted[]): string[] {
  const groups = Map.groupBy(answers, ({ status, word }) => `${status} ${word}`)
  return [...groups].map(([answer, { length }]) => `${answer}: ${length} batches`)
}
