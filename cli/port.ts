import { createServer, type AddressInfo } from 'node:net'
import { describeHolder, isServedBy } from './folder.ts'
import { listenerOn, processes } from './process-table.ts'

/** A port that is free now: the one asked for, or any. Throws with who holds it where it is not. */
export function claimPort(port = 0, host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(describeUse(port, host)) : error)
    )
    probe.listen(port, host, () => {
      const { port: claimed } = probe.address() as AddressInfo
      probe.close(() => resolve(claimed))
    })
  })
}

function describeUse(port: number, host: string): string {
  return `Port ${port} on ${host} is in use by ${describeListener(port)}\nOr choose another port with --port.`
}

function describeListener(port: number): string {
  const listener = listenerOn(port)
  if (!listener) return `a program that this user may not see. Its name: sudo lsof -iTCP:${port} -sTCP:LISTEN`
  const { pid, command } = listener
  const data = dataOf(pid, port)
  const loggia = data && describeHolder(data)
  if (loggia) return `the data folder ${data}: ${loggia}`
  return `process ${pid}, ${command.slice(0, 120)}. To end it: kill ${pid}`
}

/** The data folder of the server that a process serves on a port; wrangler has the folder among its arguments. */
function dataOf(pid: number, port: number): string | undefined {
  const folders = processes().map(({ command }) => / --persist-to=(.+?) --/.exec(command)?.[1])
  return folders.find((folder) => folder && isServedBy(folder, pid, port))
}
