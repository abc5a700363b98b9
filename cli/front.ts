import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'

interface FrontOptions {
  host: string
  port: number
  /** The port of wrangler on this machine. */
  inner: number
  /** Tells the Worker that a request came through here. */
  proof: string
}

/**
 * The headers that wrangler takes for its own, whoever sends them: by them a request could choose the address it seems
 * to come from and the host it seems to be for.
 */
const reserved = /^(?:mf-.*|cf-connecting-.*|x-loggia-front)$/i
/** These are between two neighbors only. Some clients offer HTTP/2, which nothing here takes. */
const hop = /^(?:connection|keep-alive|proxy-connection|expect|upgrade|http2-settings)$/i
/** A name or an address, and a port. */
const hostName = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i

/** Takes requests where the server listens, and passes them on to wrangler with the address that they come from. */
export function openFront({ host, port, inner, proof }: FrontOptions): Promise<() => void> {
  const upgraded = new Set<Duplex>()
  const headersOf = ({ rawHeaders, socket }: IncomingMessage) => [
    ...without(rawHeaders, (name) => reserved.test(name)),
    ...['CF-Connecting-IP', socket.remoteAddress ?? '', 'X-Loggia-Front', proof]
  ]

  function pass(asked: IncomingMessage, answer: ServerResponse) {
    if (!namesOneHost(asked)) {
      answer.writeHead(400, { 'Content-Type': 'application/json' })
      answer.end(JSON.stringify(badHost))
      return
    }
    const headers = [...without(headersOf(asked), (name) => hop.test(name)), 'Connection', 'close']
    const onward = request({
      host: '127.0.0.1',
      port: inner,
      method: asked.method,
      path: asked.url,
      headers,
      agent: false,
      setHost: false
    })
    onward.on('response', (got) => {
      if (got.statusCode === 500) {
        got.resume()
        answer.writeHead(503, { 'Content-Type': 'application/json', 'Retry-After': '5' })
        answer.end(JSON.stringify(interrupted))
        return
      }
      const told = without(got.rawHeaders, (name) => hop.test(name))
      answer.writeHead(got.statusCode!, got.statusMessage, told)
      got.pipe(answer)
      got.on('error', () => answer.destroy())
    })
    // As if nobody listened: so a server that is gone looks gone.
    onward.on('error', () => answer.destroy())
    answer.on('close', () => onward.destroy())
    asked.pipe(onward)
  }

  function passSocket(asked: IncomingMessage, socket: Duplex, head: Buffer) {
    const onward: Socket = connect(inner, '127.0.0.1', () => {
      const headers = headersOf(asked)
      const lines = headers.flatMap((name, i) => (i % 2 ? [] : [`${name}: ${headers[i + 1]}`]))
      onward.write([`${asked.method} ${asked.url} HTTP/1.1`, ...lines, '', ''].join('\r\n'))
      onward.write(head)
      onward.pipe(socket).pipe(onward)
    })
    for (const [end, other] of [
      [socket, onward],
      [onward, socket]
    ] as const)
      end.on('error', () => other.destroy()).on('close', () => other.destroy())
    upgraded.add(socket)
    socket.on('close', () => upgraded.delete(socket))
  }

  // A shared address may hold many filters.
  const server = createServer(
    {
      maxHeaderSize: 128 << 10,
      keepAliveTimeout: 65_000,
      shouldUpgradeCallback: (asked) =>
        asked.headers.upgrade?.toLowerCase() === 'websocket' && namesOneHost(asked)
    },
    pass
  )
  // A client may close its half once it has asked, and still wait for the answer.
  Object.assign(server, { httpAllowHalfOpen: true })
  server.on('upgrade', passSocket)
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () =>
      resolve(() => {
        server.close()
        server.closeAllConnections()
        for (const socket of upgraded) socket.destroy()
      })
    )
  })
}

/** The Worker never answers 500: wrangler does, where it lost the Worker's answer. Some forwarders drop a batch at it. */
const interrupted = { error: { code: 'interrupted', message: 'the request was interrupted: send it again' } }

const badHost = {
  error: {
    code: 'host',
    message: 'the request must have one Host header, with a name or address and a port, as localhost:8787'
  }
}

/** Whether a request has one `Host` header that can be one. */
function namesOneHost({ rawHeaders }: IncomingMessage): boolean {
  const hosts = rawHeaders.filter((_, i) => i % 2 === 1 && /^host$/i.test(rawHeaders[i - 1]!))
  const [, port] = /:(\d+)$/.exec(hosts[0] ?? '') ?? []
  return hosts.length === 1 && hostName.test(hosts[0]!) && Number(port ?? 0) < 65_536
}

/** Header names and values in turn, without those whose name is dropped. */
function without(pairs: readonly string[], isDropped: (name: string) => boolean): string[] {
  return pairs.filter((_, i) => !isDropped(pairs[i - (i % 2)]!))
}
