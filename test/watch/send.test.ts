import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { outputKinds, type Notice } from '../../src/lib/schema/away.ts'
import { messageOf } from '../../workers/watch/kinds.ts'
import { cutAddress, pauseAfter, send } from '../../workers/watch/send.ts'

const notice: Notice = {
  id: 'abc',
  is: 'fired',
  site: 'shop',
  rule: {
    id: 'busy',
    title: 'Busy <!channel> @everyone & *more*',
    metric: 'rate',
    comparator: 'above',
    threshold: 3,
    window: 10,
    severity: 'critical',
    labels: ['web']
  },
  value: 3.14159,
  fired: 1_795_989_600,
  until: null,
  url: 'https://loggia.example/s/shop/alerts'
}

const asked: { url: string; headers: IncomingMessage['headers']; body: string }[] = []
let server: Server
let url: string

const answers: Record<string, (response: ServerResponse) => void> = {
  '/ok': (response) => response.writeHead(204).end(),
  '/away': (response) => response.writeHead(302, { location: '/ok' }).end(),
  '/kept': (response) => response.writeHead(307, { location: '/ok' }).end(),
  '/gone': (response) => response.writeHead(410).end('a secret of the inner network'),
  '/silent': () => {},
  '/endless': (response) => {
    response.writeHead(200)
    const writing = setInterval(() => response.write('a'.repeat(65_536)), 5)
    response.on('close', () => clearInterval(writing))
  }
}

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => (body += String(part)))
    request.on('end', () => {
      asked.push({ url: request.url!, headers: request.headers, body })
      answers[request.url!]!(response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const noKey = () => Promise.reject(new Error('nothing is pushed here'))
const sender = (isLocal: boolean) => ({ isLocal, key: noKey })
const to = (path: string, isLocal = true) =>
  send({ kind: 'json', url: url + path, keys: null }, notice, sender(isLocal), 500)

test('a notice is sent once, and its answer is told by its status alone', async () => {
  expect(await to('/ok')).toEqual({ isSent: true, answer: 'answered 204' })
  expect(await to('/gone')).toEqual({ isSent: false, answer: 'answered 410' })
  expect(asked.map(({ url }) => url)).toEqual(['/ok', '/gone'])
})

test('a redirect is not followed', async () => {
  asked.length = 0
  expect(await to('/away')).toEqual({ isSent: false, answer: 'answered 302: redirects are not followed' })
  expect(await to('/kept')).toEqual({ isSent: false, answer: 'answered 307: redirects are not followed' })
  expect(asked.map(({ url }) => url)).toEqual(['/away', '/kept'])
})

test('an output that does not answer is waited for no longer than said', async () => {
  expect(await to('/silent')).toEqual({ isSent: false, answer: 'no answer within 0.5 s' })
})

test('an answer without an end is not read', async () => {
  expect(await to('/endless')).toEqual({ isSent: true, answer: 'answered 200' })
})

test('an address that is not allowed any more is not asked', async () => {
  asked.length = 0
  expect(await to('/ok', false)).toEqual({
    isSent: false,
    answer: 'not sent: it does not begin with https://'
  })
  expect(asked).toEqual([])
})

test('nobody at an address is no connection', async () => {
  const nobody = { kind: 'json', url: 'http://127.0.0.1:1/', keys: null } as const
  expect(await send(nobody, notice, sender(true))).toEqual({ isSent: false, answer: 'no connection' })
})

test('each kind of output gets what it understands', () => {
  const sent = Object.fromEntries(outputKinds.map((kind) => [kind, messageOf(kind, notice)]))
  const text =
    'Busy <!channel> @everyone & *more* fires on shop: 3.14 req/s over 10 s (at least 3) since 2026-11-29T22:00:00Z.'
  expect(JSON.parse(sent.json!.body)).toEqual({
    ...notice,
    fired: '2026-11-29T22:00:00Z',
    until: null,
    unit: 'req/s',
    text
  })
  expect((JSON.parse(sent.slack!.body) as { text: string }).text).toContain(
    'Busy &lt;!channel&gt; @everyone &amp;'
  )
  expect(JSON.parse(sent.discord!.body)).toEqual({
    content: `${text}\n${notice.url}`,
    allowed_mentions: { parse: [] }
  })
  expect(sent.ntfy).toEqual({
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      priority: 'urgent',
      tags: 'rotating_light',
      click: notice.url
    },
    body: text
  })
})

test('headers have no text of a rule, which could end a line', () => {
  const broken = { ...notice, rule: { ...notice.rule, title: 'a\r\nb: c' } }
  for (const kind of [...outputKinds, 'push' as const])
    expect(JSON.stringify(messageOf(kind, broken).headers)).not.toContain('b: c')
})

test('a browser is told the rule and the time around the alert, so that a click opens both', () => {
  const url = `${notice.url}#rule=busy`
  const pushed = (more: Partial<Notice>) =>
    JSON.parse(messageOf('push', { ...notice, url, ...more }).body) as object
  const fired = notice.fired * 1_000
  expect(pushed({})).toMatchObject({
    path: '/s/shop/alerts#rule=busy',
    from: fired - 900_000,
    to: fired + 900_000
  })
  expect(pushed({ is: 'recovered', until: notice.fired + 3_600 })).toMatchObject({
    from: fired - 1_800_000,
    to: fired + 5_400_000
  })
  expect(pushed({ is: 'test' })).not.toHaveProperty('from')
})

test('six tries take an hour', () => {
  const pauses = [1, 2, 3, 4, 5].map((tries) => pauseAfter(tries))
  expect(pauses.reduce<number>((sum, pause) => sum + pause!, 0)).toBe(3_600_000)
  expect(pauseAfter(6)).toBeNull()
})

test('an address is shown without its secret', () => {
  expect(cutAddress('https://hooks.slack.com/services/T000/B000/XXXXXXXXsecret')).toBe(
    'https://hooks.slack.com/…ret'
  )
  expect(cutAddress('https://ntfy.sh/topic')).toBe('https://ntfy.sh/…')
})
