import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { claimPort } from '../../cli/port.ts'
import { startServer } from '../../cli/server.ts'

it('a server starts though a program takes the port that it chose behind its front', async () => {
  const data = mkdtempSync(join(tmpdir(), 'loggia-port-'))
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const taken = (other.address() as AddressInfo).port
  const ports = [taken]
  const server = await startServer({ data, claimInner: async () => ports.shift() ?? claimPort() })
  try {
    expect(ports).toEqual([])
    expect((await fetch(`${server.url}/api/health`)).status).toBe(200)
  } finally {
    await server.stop()
    other.close()
    rmSync(data, { recursive: true })
  }
})
