import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Login } from '../../../cli/push/remote.ts'

/** A server of logs with Basic auth and ETags, as OVH's is. */
export async function serveLogs({ user, password }: Login) {
  const files = new Map<string, Uint8Array>()
  /** Status and path of each request that was let in. */
  const asked: string[] = []
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const server = createServer((request, response) => {
    const path = request.url!
    if (request.headers.authorization !== authorization) return void response.writeHead(401).end()
    const file = files.get(path)
    const etag = file && `"${createHash('sha256').update(file).digest('hex')}"`
    const status = !file ? 404 : request.headers['if-none-match'] === etag ? 304 : 200
    asked.push(`${status} ${path}`)
    response.writeHead(status, etag ? { ETag: etag } : {}).end(status === 200 ? file : undefined)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const close = () => void server.close().closeAllConnections()
  return { files, asked, url: `http://127.0.0.1:${port}`, close }
}
