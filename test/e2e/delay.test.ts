import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { needs } from '../needs.ts'
import { startNginx, type Nginx } from './nginx.ts'
import { OwnStack } from './stack.ts'
import { claimUdpPort, startSyslogNg, type SyslogNg } from './syslog-ng.ts'

needs('nginx', 'syslog-ng')('a request to nginx', () => {
  let stack: OwnStack
  let nginx: Nginx
  let syslogNg: SyslogNg

  beforeAll(async () => {
    stack = await OwnStack.start()
    const [own, forwarder] = ['nginx', 'syslog-ng'].map((name) => join(stack.data, name)) as [string, string]
    for (const folder of [own, forwarder]) mkdirSync(folder)
    nginx = await startNginx({ folder: own })
    const { url, token } = stack
    const port = await claimUdpPort()
    syslogNg = await startSyslogNg({ folder: forwarder, url, token, log: nginx.log, port })
  })
  afterAll(async () => {
    await syslogNg?.stop()
    await nginx?.stop()
    await stack?.stop()
  })

  it('is in a part within 5 s at the median', async () => {
    const delays: number[] = []
    for (let rows = 1; rows <= 5; rows++) {
      await fetch(`${nginx.url}/page/${rows}`)
      const asked = Date.now()
      await stack.waitForRows('www.example.com', rows)
      delays.push(Date.now() - asked)
    }
    const median = delays.sort((a, b) => a - b)[2]!
    console.log(`nginx → part: ${(median / 1000).toFixed(1)} s at the median of ${delays.length}`)
    expect(median).toBeLessThan(5_000)
  })
})
