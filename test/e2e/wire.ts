import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A wire to a server that can be cut as a network is: nobody is told. */
export interface Wire {
  url: string
  cut(): void
  /** Ends what was connected before, so that a new connection goes through. */
  mend(): void
  stop(): Promise<void>
}

export async function startWire(to: string): Promise<Wire> {
  const { hostname, port } = new URL(to)
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const [from, into] of [
      [near, far],
      [far, near]
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes) => isCut || into.write(bytes))
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        if (!isCut) into.destroy()
      })
    }
  }).listen(0, hostname)
  await once(server, 'listening')
  const destroyAll = () => sockets.forEach((socket) => socket.destroy())
  return {
    url: `http://${hostname}:${(server.address() as AddressInfo).port}`,
    cut: () => void (isCut = true),
    mend: () => {
      isCut = false
      destroyAll()
    },
    stop: async () => {
      destroyAll()
      await new Promise((done) => server.close(done))
    }
  }
}
