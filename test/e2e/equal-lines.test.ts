import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { needs } from '../needs.ts'
import { lane } from './lane.ts'
import { Stack } from './stack.ts'
import { claimUdpPort, startSyslogNg, type SyslogNg } from './syslog-ng.ts'

const site = 'equal'
const soon = { timeout: 120_000, interval: 250 }

const combined = (second: number, path: string) =>
  `203.0.113.7 - - [20/Nov/2026:12:00:0${second} +0000] "GET ${path} HTTP/1.1" 200 615 "-" "hey/0.1"`

needs('syslog-ng')('combined lines that syslog-ng sends', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loggia-equal-'))
  const log = join(folder, 'access.log')
  let stack: Stack
  let token: string
  let syslogNg: SyslogNg

  beforeAll(async () => {
    writeFileSync(log, '')
    stack = await Stack.join(lane().server)
    token = await stack.client.createToken(site)
    const port = await claimUdpPort()
    syslogNg = await startSyslogNg({ folder, url: stack.url, token, log, port })
  }, 300_000)

  afterAll(async () => {
    await syslogNg?.stop()
    rmSync(folder, { recursive: true })
  })

  const outcomes = async () => (await stack.client.status(site)).outcomes

  it('are all counted though 5,000 of a burst are equal', { timeout: 300_000 }, async () => {
    for (let second = 1; second <= 4; second++) {
      appendFileSync(log, `${combined(second, '/health')}\n`.repeat(5_000))
      await vi.waitUntil(async () => (await outcomes()).accepted === second * 5_000, soon)
    }
    expect(await outcomes()).toEqual({ accepted: 20_000 })
  })

  it('are known one by one if nginx adds $request_id', { timeout: 300_000 }, async () => {
    const before = (await outcomes()).accepted!
    const lines = Array.from({ length: 50 }, (_, i) => `${combined(5, '/health')} request_id=${1_000 + i}`)
    appendFileSync(log, lines.join('\n') + '\n')
    await vi.waitUntil(async () => (await outcomes()).accepted === before + 50, soon)
    const { body } = await stack.push(lines.slice(20), { token, type: 'text/plain' })
    expect(body).toMatchObject({ accepted: 0, duplicate: 30 })
  })
})
