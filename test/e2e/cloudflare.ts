import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request to Cloudflare's API. */
export interface Asked {
  /** Method and path. */
  what: string
  authorization: string | undefined
  body: unknown
}

/** A stand-in for Cloudflare's API: it says yes to everything, and keeps what was asked. */
export async function standInForCloudflare() {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method, url, headers } = request
    const { authorization } = headers
    asked.push({
      what: `${method} ${url}`,
      authorization,
      body: JSON.parse(Buffer.concat(chunks).toString())
    })
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify({ success: true, errors: [], messages: [], result: {} }))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const close = () => void server.close().closeAllConnections()
  return { asked, url: `http://127.0.0.1:${port}`, close }
}
