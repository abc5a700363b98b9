import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { terminal } from '../../cli/push/terminal.ts'
import { Receiver, Stop } from '../../src/lib/push/receiver.ts'
import { TooLarge, Unreadable } from '../../src/lib/push/unreadable.ts'

const counts = { received: 1, accepted: 1, duplicate: 0, rejected: 0, errors: [] }
const closing: (() => void)[] = []
afterEach(() => closing.splice(0).forEach((close) => close()))

/** A server that gives the answers one after the other; the last one also to all that follow. */
async function serve(...answers: ((response: ServerResponse) => void)[]) {
  const asked: IncomingHttpHeaders[] = []
  const server = createServer((request, response) => {
    asked.push(request.headers)
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!
    request.resume().once('end', () => answer(response))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  closing.push(() => server.close().closeAllConnections())
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const reply =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(status, headers).end(JSON.stringify(body))
const failure = (code: string) => ({ error: { code, message: `it is ${code}` } })
const soon = { 'Retry-After': '0' }

const open = (url: string, patience: number, waits: string[] = []) =>
  new Receiver({ url, token: 'lgi_x' }, terminal, { patience, onWait: (message) => waits.push(message) })

test('a batch is sent until it is taken, always under its key', { timeout: 60_000 }, async () => {
  const { asked, url } = await serve(
    reply(503, failure('unavailable'), soon),
    reply(429, failure('too_fast'), soon),
    (response) => void response.destroy(),
    reply(200, counts)
  )
  const waits: string[] = []
  expect(await open(url, 60_000, waits).send(Buffer.from('a line'), 'the key')).toEqual(counts)
  expect(asked.map((headers) => headers['idempotency-key'])).toEqual(Array(4).fill('the key'))
  expect(waits.slice(0, 2)).toEqual(['it is unavailable', 'it is too_fast'])
  expect(waits[2]).toMatch(/can't be reached/)
})

test('a push gives up once nothing came through for long, and says how to go on', async () => {
  const { url } = await serve(reply(503, failure('unavailable'), soon))
  const sent = open(url, -1).send(Buffer.from('a line'), 'the key')
  await expect(sent).rejects.toThrow('it is unavailable. Then run the same command again')
  await expect(sent).rejects.toThrow(Stop)
})

test('an answer about the batch is no reason to stop all logs', async () => {
  const { url } = await serve(reply(413, failure('too_many_names')), reply(415, failure('unsupported_type')))
  await expect(open(url, 0).send(Buffer.from('a'), 'k')).rejects.toThrow(TooLarge)
  await expect(open(url, 0).send(Buffer.from('a'), 'k')).rejects.toThrow(Unreadable)
})
