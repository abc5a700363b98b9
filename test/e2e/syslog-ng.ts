import { execFileSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { capture, root, which } from '../../cli/process.ts'
import { startProgram, substitute, type Program } from './program.ts'

export interface SyslogNgOptions {
  /** A folder for its configuration and state: with the same folder it goes on where it was. */
  folder: string
  /** Where Loggia is. */
  url: string
  token: string
  /** The log that nginx writes. */
  log: string
  /** The UDP port to listen on; see `claimUdpPort`. */
  port: number
  /** Lines of a batch at most, where it is not the thousand that we ship. */
  batchLines?: number
}

export interface SyslogNg extends Program {
  /** Nothing that it has read waits for an answer. */
  isIdle(): Promise<boolean>
}

/** Starts the real syslog-ng with `forwarders/syslog-ng/loggia.conf`. */
export async function startSyslogNg(options: SyslogNgOptions): Promise<SyslogNg> {
  const { folder, url, token, log, port, batchLines = 1_000 } = options
  const program = which('syslog-ng') ?? 'syslog-ng'
  const version = /Config version: (\S+)/.exec(execFileSync(program, ['--version'], { encoding: 'utf8' }))![1]
  const shipped = readFileSync(join(root, 'forwarders/syslog-ng/loggia.conf'), 'utf8')
  const configuration = join(folder, 'syslog-ng.conf')
  const changes = {
    'loggia-url "https://loggia.example.workers.dev"': `loggia-url "${url}"`,
    'loggia-token "lgi_..."': `loggia-token "${token}"`,
    '/var/log/nginx/loggia.log': log,
    'port(5140)': `port(${port})`,
    'batch-lines(1000)': `batch-lines(${batchLines})`
  }
  writeFileSync(configuration, `@version: ${version}\n${substitute(shipped, changes)}`)
  const control = join(folder, 'syslog-ng.ctl')
  const args = [
    '--foreground',
    '--no-caps',
    '--stderr',
    `--cfgfile=${configuration}`,
    `--persist-file=${join(folder, 'syslog-ng.persist')}`,
    `--pidfile=${join(folder, 'syslog-ng.pid')}`,
    `--control=${control}`
  ]
  const askStats = () => capture(`${program}-ctl`, ['stats', `--control=${control}`])
  const started = await startProgram(program, args, async () => (await askStats()).code === 0)
  const isIdle = async () => {
    const { output } = await askStats()
    const [, queued] = /^dst\.http;.*;queued;(\d+)$/m.exec(output) ?? []
    if (queued === undefined) throw new Error(`syslog-ng does not say what waits in it\n${output}`)
    return queued === '0'
  }
  return { ...started, isIdle }
}

/** A UDP port of this machine that is free now. */
export function claimUdpPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createSocket('udp4')
    probe.once('error', reject)
    probe.bind(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}
