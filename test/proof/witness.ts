import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** What a server answered to a batch. */
export interface Noted {
  status: number
  /** The answer's own word: `ok`, `duplicate`, or the code of an error. */
  word: string
  /** Lines of the batch, and how many of them the answer speaks of. */
  lines: number
  received: number
  rejected: number
}

/** Stands between a forwarder and a server: passes every batch on, and notes what is answered. */
export async function startWitness(target: string) {
  const answers: Noted[] = []

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request)
    const { authorization = '', 'content-type': type = '' } = request.headers
    const answer = await fetch(target + request.url, {
      method: request.method,
      headers: { authorization, 'content-type': type },
      body: request.method === 'POST' ? body : undefined
    })
    const text = await answer.text()
    const told = JSON.parse(text) as Partial<Noted> & { status?: string; error?: string | { code: string } }
    const { error } = told
    answers.push({
      status: answer.status,
      word: told.status ?? (typeof error === 'object' ? error.code : error) ?? text.slice(0, 100),
      lines: body.toString().split('\n').filter(Boolean).length,
      received: told.received ?? 0,
      rejected: told.rejected ?? 0
    })
    const retryAfter = answer.headers.get('retry-after')
    response.writeHead(answer.status, {
      'content-type': 'application/json',
      ...(retryAfter && { 'retry-after': retryAfter })
    })
    response.end(text)
  }

  const server = createServer((request, response) => {
    // A connection that the server breaks off is broken off to the forwarder as well.
    pass(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    stop: () => {
      server.closeAllConnections()
      return new Promise<void>((done) => server.close(() => done()))
    }
  }
}
