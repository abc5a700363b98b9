import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { claimPort } from '../../cli/port.ts'
import { root, which } from '../../cli/process.ts'
import { isListening, startProgram, substitute, type Program } from './program.ts'

export interface WebServer extends Program {
  url: string
  /** The file that it logs to. */
  log: string
}

const modules = '/usr/lib/apache2/modules'
const loaded = ['mpm_event', 'authz_core', 'unique_id', 'rewrite']

/**
 * Starts the real Apache with `forwarders/apache/loggia.conf` on a free port of this machine. Its virtual host has a log of
 * its own, as Debian's do. It answers 200 everywhere but below /missing.
 */
export async function startApache(folder: string, name: string): Promise<WebServer> {
  const port = await claimPort()
  const log = join(folder, 'loggia.log')
  const shipped = readFileSync(join(root, 'forwarders/apache/loggia.conf'), 'utf8')
  const configuration = join(folder, 'apache.conf')
  writeFileSync(
    configuration,
    `ServerRoot ${folder}
DefaultRuntimeDir ${folder}
PidFile ${folder}/apache.pid
ErrorLog ${folder}/error.log
ServerName main.example
Listen 127.0.0.1:${port}
${loaded.map((module) => `LoadModule ${module}_module ${modules}/mod_${module}.so`).join('\n')}
LogFormat "%h %l %u %t \\"%r\\" %>s %b" common
${substitute(shipped, { '/var/log/apache2/loggia.log': log })}
<VirtualHost *:${port}>
  ServerName ${name}
  CustomLog ${folder}/access.log common
  RewriteEngine on
  RewriteRule ^/missing - [R=404,L]
  RewriteRule ^ - [R=204,L]
</VirtualHost>
`
  )
  const args = ['-f', configuration, '-DFOREGROUND']
  const program = await startProgram(which('apache2') ?? 'apache2', args, () => isListening(port))
  return { ...program, url: `http://127.0.0.1:${port}`, log }
}
