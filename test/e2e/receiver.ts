import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Batch {
  headers: IncomingHttpHeaders
  body: Buffer
}

/** Stands in for Loggia: keeps what forwarders send and answers with the status that `answer` gives. */
export async function startReceiver(answer: (batches: number) => number = () => 200) {
  const accepted: Batch[] = []
  let requests = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const status = answer(++requests)
      if (status === 200) accepted.push({ headers: request.headers, body: Buffer.concat(chunks) })
      response.writeHead(status, { 'Content-Type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    accepted,
    requests: () => requests,
    /** The lines of all accepted batches, parsed. */
    records: () =>
      accepted.flatMap(({ body }) =>
        body
          .toString()
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Record<string, string>)
      ),
    stop: () => {
      server.closeAllConnections()
      return new Promise<void>((done) => server.close(() => done()))
    }
  }
}
