import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { openFront } from '../../cli/front.ts'
import { claimPort } from '../../cli/port.ts'

const closing: (() => void)[] = []
afterEach(() => closing.splice(0).forEach((close) => close()))

it('asks for a request again that wrangler answers with 500', async () => {
  const wrangler = createServer((asked, answer) => {
    asked.resume()
    answer.writeHead(500).end('Error inside ProxyWorker')
  })
  await new Promise<void>((done) => wrangler.listen(0, '127.0.0.1', done))
  closing.push(() => wrangler.close())
  const { port: inner } = wrangler.address() as AddressInfo
  const port = await claimPort()
  closing.push(await openFront({ host: '127.0.0.1', port, inner, proof: 'proof' }))
  const answer = await fetch(`http://127.0.0.1:${port}/api/ingest`, { method: 'POST', body: '{}' })
  expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '5'])
  expect(await answer.json()).toMatchObject({ error: { code: 'interrupted' } })
})
