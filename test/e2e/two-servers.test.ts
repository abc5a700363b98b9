import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Client, push } from '../../cli/client.ts'
import { fsck } from '../../cli/fsck.ts'
import { startServer, type Server } from '../../cli/server.ts'
import { asNginx } from '../../src/lib/sample/lines.ts'
import { Random } from '../../src/lib/sample/random.ts'
import { traffic } from '../../src/lib/sample/traffic.ts'
import { amount } from '../amounts.ts'
import { countDelivered } from './delivered.ts'

const site = 'shared'
const seed = 11
const seconds = amount('seconds on one folder')
/** Forwarders that wait for an answer each, and the lines of their batches. */
const forwarders = 6
const batchLines = 100
const minute = 60_000

describe('two servers on one data folder, past its lock', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loggia-two-'))
  const data = join(folder, 'data')
  const log = join(folder, 'sent.log')
  const servers: Server[] = []

  beforeAll(async () => {
    writeFileSync(log, '')
    servers.push(await startServer({ data }))
    // The lock is of the file that was there.
    for (const name of ['lock', 'server.json']) rmSync(join(data, name))
    servers.push(await startServer({ data }))
  })
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.kill()))
    rmSync(folder, { recursive: true })
  })

  it(
    'keep every line that one of them acknowledges, and each once',
    async () => {
      const random = new Random(seed)
      const first = await Client.signIn(servers[0]!.url, servers[0]!.password)
      const token = await first.createToken(site)
      // One after the other: two that write sessions at once may find the database locked.
      const second = await Client.signIn(servers[1]!.url, servers[1]!.password)
      const to = Date.now()
      const requests = traffic({ seed, from: to - 86_400_000, to, hits: 2_000_000 })
      const answers = [new Map<number, number>(), new Map<number, number>()]
      // Watched, both flush all the time.
      const sockets = [first, second].map((client) => client.watch(site))
      const until = Date.now() + seconds * 1_000
      let sent = 0

      /** Sends a batch to one server or the other until it is answered 200. */
      async function deliver(lines: string[]): Promise<void> {
        for (;;) {
          const to = random.below(2)
          // A connection that breaks off is no answer: as a forwarder, it sends again.
          const { status } = await push(servers[to]!.url, token, lines).catch(() => ({ status: 0 }))
          answers[to]!.set(status, (answers[to]!.get(status) ?? 0) + 1)
          if (status === 200) return
          await sleep(random.between(20, 300))
        }
      }

      /** Lines that a forwarder sends again in other batches, as if it had missed the answer. */
      const again: string[] = []

      async function forward(): Promise<void> {
        while (Date.now() < until) {
          const lines = Array.from({ length: batchLines }, () => asNginx(requests.next().value!, site))
          appendFileSync(log, lines.join('\n') + '\n')
          sent += lines.length
          const batch = [...again.splice(0, batchLines), ...lines]
          await deliver(batch)
          if (random.chance(0.3)) again.push(...batch.slice(random.below(batch.length)))
        }
      }
      await Promise.all(Array.from({ length: forwarders }, forward))
      for (const socket of sockets) socket.close()

      await Promise.all(servers.splice(0).map((server) => server.stop()))
      servers.push(await startServer({ data }))
      const last = await Client.signIn(servers[0]!.url, servers[0]!.password)
      // `countDelivered` names the lost lines below.
      await last.waitForRows(site, sent, 2 * minute).catch(() => undefined)
      await vi
        .waitUntil(async () => (await last.status(site)).unflushed_rows === 0, {
          timeout: minute,
          interval: 250
        })
        .catch(() => undefined)
      const counted = await countDelivered(last, site, log)
      const { outcomes, unflushed_rows } = await last.status(site)
      console.log(
        [
          `two servers on one folder for ${seconds} s (seed ${seed}), ${sent} lines: ${counted.lost} lost, ${counted.twice} twice`,
          `${outcomes.duplicate ?? 0} known again, ${unflushed_rows} not flushed`,
          ...answers.map((each) => JSON.stringify(Object.fromEntries(each)))
        ].join('\n')
      )
      expect(counted).toEqual({ kept: sent, lost: 0, twice: 0, unknown: 0 })
      for (const each of answers) expect(each.get(200)).toBeGreaterThan(0)
      await expect(fsck([servers[0]!.url], () => Promise.resolve(servers[0]!.password))).resolves.toContain(
        `${site}: `
      )
    },
    seconds * 1_000 + 6 * minute
  )
})
