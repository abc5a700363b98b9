import { createSocket } from 'node:dgram'
import { readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { claimPort } from '../../cli/port.ts'
import { root, which } from '../../cli/process.ts'
import { isListening, startProgram, substitute, type Program } from './program.ts'

export interface HAProxy extends Program {
  url: string
  /** The lines that it has logged, as syslog brings them. */
  lines: string[]
}

/** Starts the real HAProxy with `forwarders/haproxy/loggia.cfg` on a free port of this machine; it answers 200 everywhere. */
export async function startHAProxy(folder: string): Promise<HAProxy> {
  const lines: string[] = []
  const syslog = createSocket('udp4').on('message', (line) => lines.push(line.toString()))
  await new Promise<void>((done) => syslog.bind(0, '127.0.0.1', done))
  const to = `127.0.0.1:${(syslog.address() as AddressInfo).port}`
  const port = await claimPort()
  const shipped = readFileSync(join(root, 'forwarders/haproxy/loggia.cfg'), 'utf8')
  const configuration = join(folder, 'haproxy.cfg')
  writeFileSync(
    configuration,
    `defaults
    timeout client 5s
    timeout connect 5s
    timeout server 5s
frontend web
    bind 127.0.0.1:${port}
${substitute(shipped, { '/dev/log': to })}
    http-request return status 200 content-type text/plain string hello
`
  )
  const args = ['-db', '-f', configuration]
  const program = await startProgram(which('haproxy') ?? 'haproxy', args, () => isListening(port))
  const stop = async () => {
    await program.stop()
    await new Promise<void>((done) => syslog.close(() => done()))
  }
  return { stop, url: `http://127.0.0.1:${port}`, lines }
}
