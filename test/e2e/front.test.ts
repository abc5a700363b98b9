import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { beforeAll, describe, expect, it } from 'vitest'
import { lane } from './lane.ts'
import { Stack } from './stack.ts'

interface Got {
  status: number
  text: string
}

describe('the server on a machine of one’s own', () => {
  let stack: Stack

  beforeAll(async () => {
    stack = await Stack.join(lane().server)
  })

  /** Sends headers that `fetch` would not. */
  function ask(path: string, headers: Record<string, string>, port = new URL(stack.url).port): Promise<Got> {
    return new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, path, headers }, (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (part: string) => (text += part))
        answer.on('end', () => resolve({ status: answer.statusCode!, text }))
      })
      asked.on('error', reject).end()
    })
  }

  it('answers by its own name alone, whatever headers say', async () => {
    const own = `http://localhost:${new URL(stack.url).port}/api/health`
    expect((await ask('/api/health', { Host: 'localhost' })).status).toBe(200)
    const forgeries: Record<string, string>[] = [
      {},
      { 'MF-Original-URL': own },
      { 'MF-Original-URL': own, 'MF-Host': 'localhost' },
      { 'mf-original-url': own, 'MF-Original-Hostname': 'localhost', 'X-Forwarded-Host': 'localhost' },
      { 'X-Forwarded-Proto': 'https' },
      { Forwarded: 'host=localhost' }
    ]
    for (const forged of forgeries) {
      const { status, text } = await ask('/api/health', { Host: 'evil.example', ...forged })
      expect([forged, status, text]).toEqual([forged, 403, expect.stringContaining('evil.example')])
    }
  })

  it.each(['MF-CF-Blob', 'MF-Route-Override', 'MF-Proxy-Shared-Secret', 'MF-Op'])(
    'takes %s of nobody',
    async (name) => {
      expect((await ask('/api/health', { Host: 'localhost', [name]: '{' })).status).toBe(200)
    }
  )

  /** Sends bytes as they are and gives all that is answered; `isHalf` closes the own half first. */
  function send(text: string, isHalf = false): Promise<string> {
    return new Promise((resolve, reject) => {
      const port = Number(new URL(stack.url).port)
      const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
      let got = ''
      socket.setEncoding('utf8').on('data', (part: string) => (got += part))
      socket.on('error', reject).on('end', () => socket.end(() => resolve(got)))
      if (isHalf) socket.end(text)
      else socket.write(text)
    })
  }
  const post = (line: string, headers: string[]) => {
    const own = [`Authorization: Bearer ${stack.token}`, `Content-Length: ${line.length}`, ...headers]
    return ['POST /api/ingest?site=front HTTP/1.1', 'Host: localhost', ...own, '', line].join('\r\n')
  }
  const line = (path: string) => JSON.stringify({ path, status: 200, ip: '203.0.113.7' })

  it('takes each request of a connection whose client offers HTTP/2', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const offer = {
      Connection: 'Upgrade, HTTP2-Settings',
      Upgrade: 'h2c',
      'HTTP2-Settings': 'AAMAAABkAAQAoAAA'
    }
    const headers = { Host: 'localhost', Authorization: `Bearer ${stack.token}`, ...offer }
    const ask = (path: string) =>
      new Promise<[boolean, number]>((resolve, reject) => {
        const { port } = new URL(stack.url)
        const options = {
          host: '127.0.0.1',
          port,
          method: 'POST',
          path: '/api/ingest?site=front',
          headers,
          agent
        }
        const asked = request(options, (answer) =>
          answer.resume().on('end', () => resolve([asked.reusedSocket, answer.statusCode!]))
        )
        asked.on('error', reject).end(line(path))
      })
    const answers = [await ask('/a'), await ask('/b'), await ask('/c')]
    agent.destroy()
    expect(answers).toEqual([
      [false, 200],
      [true, 200],
      [true, 200]
    ])
  })

  it('answers a client that has closed its half of the connection', async () => {
    const got = await send(post(line('/half'), ['Connection: close']), true)
    expect(got).toMatch(/^HTTP\/1\.1 200 OK[^]*"accepted":1/)
  })

  it.each([
    ['two hosts', ['Host: localhost', 'Host: localhost']],
    ['half an address', ['Host: [::1']],
    ['a port that is none', ['Host: localhost:99999']]
  ])('refuses a request that names %s, and says so', async (_, hosts) => {
    const got = await send(
      ['GET /api/health HTTP/1.1', ...hosts, 'Connection: close', '', ''].join('\r\n'),
      false
    )
    expect(got).toMatch(/^HTTP\/1\.1 400 [^]*must have one Host header/)
  })

  it('knows where a request comes from, whatever headers say', async () => {
    const tokenFor = async (network: string) => {
      const body = JSON.stringify({ site: 'shop', networks: [network] })
      const headers = { ...stack.client.headers, 'Content-Type': 'application/json' }
      const answer = await fetch(`${stack.url}/api/tokens`, { method: 'POST', headers, body })
      return ((await answer.json()) as { token: string }).token
    }
    const [theirs, ours] = await Promise.all([tokenFor('203.0.113.0/24'), tokenFor('127.0.0.0/8')])
    const forgeries: Record<string, string>[] = [
      {},
      { 'CF-Connecting-IP': '203.0.113.7' },
      { 'cf-connecting-ip': '203.0.113.7', 'CF-Connecting-IPv6': '203.0.113.7' },
      { 'X-Forwarded-For': '203.0.113.7', 'X-Real-IP': '203.0.113.7' },
      { 'MF-CF-Blob': JSON.stringify({ clientIp: '203.0.113.7:1' }) }
    ]
    for (const forged of forgeries) {
      const headers = (token: string) => ({
        Host: 'localhost',
        Authorization: `Bearer ${token}`,
        ...forged
      })
      const refused = await ask('/api/ingest', headers(theirs))
      expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('from 127.0.0.1')])
      expect((await ask('/api/ingest', headers(ours))).status).toBe(200)
    }
  })
})
