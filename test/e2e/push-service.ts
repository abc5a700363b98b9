import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'

interface Word {
  messageType?: 'hello' | 'register' | 'unregister' | 'ack'
  channelID?: string
  updates?: { code: number }[]
}

/** What Firefox says of a push that its page's service worker has opened and taken. */
const taken = 100

/**
 * A push service as Firefox speaks with Mozilla's: over a socket it gives addresses away, and what is posted to one of them
 * goes on to the browser. See https://mozilla-push-service.readthedocs.io/en/latest/design/
 */
export async function startPushService() {
  const sockets = new Map<string, WebSocket>()
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const channelID = request.url!.slice(1)
      const socket = sockets.get(channelID)
      const notification = {
        messageType: 'notification',
        channelID,
        version: String(posts++),
        headers: { encoding: request.headers['content-encoding'] },
        data: Buffer.concat(parts).toString('base64url')
      }
      socket?.send(JSON.stringify(notification))
      response.writeHead(socket ? 201 : 410).end()
    })
  })
  let posts = 0
  let deliveries = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const reply = (socket: WebSocket, { messageType, channelID, updates }: Word) => {
    const say = (word: object) => socket.send(JSON.stringify({ messageType, status: 200, ...word }))
    if (messageType === 'hello') say({ uaid: 'a'.repeat(32), use_webpush: true })
    if (messageType === 'register') {
      sockets.set(channelID!, socket)
      say({ channelID, pushEndpoint: `http://${address}/${channelID}` })
    }
    if (messageType === 'unregister') {
      sockets.delete(channelID!)
      say({ channelID })
    }
    if (messageType === 'ack') deliveries += updates!.filter(({ code }) => code === taken).length
  }
  const live = new WebSocketServer({ server })
  live.on('connection', (socket) => {
    socket.on('message', (text: Buffer) => {
      const word = JSON.parse(String(text)) as Word
      // A ping is an empty word.
      if (word.messageType) reply(socket, word)
      else socket.send('{}')
    })
  })
  return {
    /** Firefox finds it by this preference. */
    url: `ws://${address}`,
    /** How many pushes the browser has taken. */
    deliveries: () => deliveries,
    /** How many addresses are given away. */
    subscriptions: () => sockets.size,
    stop: () => {
      live.clients.forEach((socket) => socket.terminate())
      server.closeAllConnections()
      return new Promise<void>((done) => server.close(() => done()))
    }
  }
}
