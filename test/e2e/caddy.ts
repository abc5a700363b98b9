import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { claimPort } from '../../cli/port.ts'
import { root, which } from '../../cli/process.ts'
import type { WebServer } from './apache.ts'
import { isListening, startProgram, substitute } from './program.ts'

/** Starts the real Caddy with `forwarders/caddy/Caddyfile` on a free port of this machine; it answers 200 everywhere. */
export async function startCaddy(folder: string): Promise<WebServer> {
  const port = await claimPort()
  const log = join(folder, 'loggia.log')
  const shipped = readFileSync(join(root, 'forwarders/caddy/Caddyfile'), 'utf8')
  const configuration = join(folder, 'Caddyfile')
  writeFileSync(
    configuration,
    `{
	admin off
	auto_https off
	storage file_system ${folder}
}
${substitute(shipped, { '/var/log/caddy/loggia.log': log })}
http://127.0.0.1:${port} {
	import loggia
	respond "hello"
}
`
  )
  const args = ['run', '--config', configuration, '--adapter', 'caddyfile']
  const program = await startProgram(which('caddy') ?? 'caddy', args, () => isListening(port))
  return { ...program, url: `http://127.0.0.1:${port}`, log }
}
