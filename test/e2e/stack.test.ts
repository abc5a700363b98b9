import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fsck } from '../../cli/fsck.ts'
import { asBallcone, asNginx } from '../../src/lib/sample/lines.ts'
import { traffic } from '../../src/lib/sample/traffic.ts'
import { needs } from '../needs.ts'
import { truth } from '../sample/truth.ts'
import { startNginx } from './nginx.ts'
import { OwnStack } from './stack.ts'
import { claimUdpPort, startSyslogNg } from './syslog-ng.ts'

const to = Date.now()
const requests = [...traffic({ seed: 3, from: to - 2 * 86_400_000, to, hits: 2_000 })]

describe('the stack', () => {
  let stack: OwnStack

  beforeAll(async () => {
    stack = await OwnStack.start()
  })
  afterAll(() => stack.stop())

  it('takes lines in every encoding, and each batch once', async () => {
    const encodings = [undefined, 'gzip', 'deflate', 'br', 'zstd'] as const
    for (const [index, encoding] of encodings.entries()) {
      const lines = requests
        .slice(index * 400, (index + 1) * 400)
        .map((request) => asNginx(request, 'encoded'))
      for (const accepted of ['ok', 'duplicate']) {
        const { body } = await stack.push(lines, { encoding })
        expect(body).toMatchObject({ status: accepted, received: 400, rejected: 0 })
      }
    }
    await stack.waitForRows('encoded', 2_000)
    const rows: Record<string, number> = {}
    for (const part of (await stack.client.manifest('encoded')).parts)
      rows[part.day] = (rows[part.day] ?? 0) + part.rows
    expect(rows).toEqual(truth(requests).days)
  })

  it('leaves no session of a command behind', async () => {
    const sessions = async () => {
      const response = await fetch(`${stack.url}/api/sessions`, { headers: stack.client.headers })
      return ((await response.json()) as { sessions: unknown[] }).sessions.length
    }
    const before = await sessions()
    await fsck([stack.url], () => Promise.resolve(stack.password))
    await expect(fsck([stack.url, 'stranger'], () => Promise.resolve(stack.password))).rejects.toThrow(
      'site stranger is not known'
    )
    expect(await sessions()).toBe(before)
  })

  it('loses nothing that it has answered when it is killed', async () => {
    for (let start = 0; start < 2_000; start += 200)
      await stack.push(requests.slice(start, start + 200).map((request) => asBallcone(request, 'killed')))
    await stack.crash()
    expect(await stack.waitForRows('killed', 2_000)).toBe(2_000)
  })

  needs('nginx', 'syslog-ng')('a request to nginx', () => {
    it('is in a part within seconds', async () => {
      const folders = ['nginx', 'syslog-ng'].map((name) => join(stack.data, name))
      for (const folder of folders) mkdirSync(folder)
      const nginx = await startNginx({ folder: folders[0]! })
      const { url, token } = stack
      const port = await claimUdpPort()
      const syslogNg = await startSyslogNg({ folder: folders[1]!, url, token, log: nginx.log, port })
      try {
        const delays: number[] = []
        for (let rows = 1; rows <= 5; rows++) {
          await fetch(`${nginx.url}/page/${rows}`)
          const asked = Date.now()
          await stack.waitForRows('www.example.com', rows)
          delays.push(Date.now() - asked)
        }
        expect(delays.sort((a, b) => a - b)[2]).toBeLessThan(5_000)
      } finally {
        await syslogNg.stop()
        await nginx.stop()
      }
    })
  })
})
