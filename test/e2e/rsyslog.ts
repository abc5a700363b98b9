import { chmodSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root, which } from '../../cli/process.ts'
import { startProgram, substitute, type Program } from './program.ts'

export interface RsyslogOptions {
  /** A folder for its configuration and state: with the same folder it goes on where it was. */
  folder: string
  /** Where Loggia is. */
  url: string
  token: string
  /** The log that it reads. */
  log: string
}

const shipped = (file: string) => readFileSync(join(root, 'forwarders/rsyslog', file), 'utf8')

/** Starts the real rsyslog with `forwarders/rsyslog/`. */
export async function startRsyslog({ folder, url, token, log }: RsyslogOptions): Promise<Program> {
  const program = which('rsyslogd') ?? 'rsyslogd'
  const configuration = join(folder, 'rsyslog.conf')
  const script = join(folder, 'loggia.sh')
  const spool = join(folder, 'spool')
  mkdirSync(spool, { recursive: true })
  const own = { '/var/log/nginx/loggia.log': log, '/usr/local/bin/loggia.sh': script }
  writeFileSync(configuration, `global(workDirectory="${spool}")\n${substitute(shipped('loggia.conf'), own)}`)
  writeFileSync(
    script,
    substitute(shipped('loggia.sh'), { 'https://loggia.example.workers.dev': url, 'lgi_...': token })
  )
  chmodSync(script, 0o755)
  const args = ['-n', '-f', configuration, '-i', join(folder, 'rsyslog.pid'), '-M', modulesOf(program)]
  return startProgram(program, args, () => readdirSync(folder).includes('rsyslog.pid'))
}

/** Where its modules lie: beside the program, which may be unpacked outside of the system's folders. */
function modulesOf(program: string): string {
  const libraries = join(dirname(realpathSync(program)), '../lib')
  const found = readdirSync(libraries, { recursive: true, encoding: 'utf8' })
  const imfile = found.find((file) => file.endsWith('rsyslog/imfile.so'))
  if (imfile === undefined) throw new Error(`rsyslog has no imfile below ${libraries}`)
  return join(libraries, dirname(imfile))
}
