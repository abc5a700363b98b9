import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, which } from '../../cli/process.ts'
import { claimPort } from '../../cli/port.ts'
import { isListening, startProgram, substitute, type Program } from './program.ts'

export interface Nginx extends Program {
  url: string
  /** The file that `forwarders/nginx/loggia.conf` logs to. */
  log: string
  /** Opens its files anew, as after logrotate. */
  reopen(): void
}

export interface NginxOptions {
  /** An empty folder for its configuration, log and process id. */
  folder: string
  /** Log by UDP to this port instead of to the file. */
  syslogPort?: number
  /** What the server says; by default 200 everywhere but below /missing. */
  locations?: string
}

const answers = `
    location / { default_type text/html; return 200 '<p>hello</p>'; }
    location /missing { return 404; }`

/** Starts the real nginx with `forwarders/nginx/loggia.conf` on a free port of this machine. */
export async function startNginx({ folder, syslogPort, locations = answers }: NginxOptions): Promise<Nginx> {
  const port = await claimPort()
  const log = join(folder, 'loggia.log')
  const shipped = readFileSync(join(root, 'forwarders/nginx/loggia.conf'), 'utf8')
  const logging = syslogPort
    ? substitute(shipped, {
        '\naccess_log': '\n# access_log',
        '\n# access_log syslog:server=127.0.0.1:5140': `\naccess_log syslog:server=127.0.0.1:${syslogPort}`
      })
    : substitute(shipped, { '/var/log/nginx/loggia.log': log })
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  writeFileSync(join(folder, 'loggia.conf'), logging)
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 256; }
http {
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  include ${folder}/loggia.conf;
  server {
    listen 127.0.0.1:${port};
    server_name www.example.com;
    ${locations}
  }
}
`
  )
  const url = `http://127.0.0.1:${port}`
  const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')]
  const program = await startProgram(which('nginx') ?? 'nginx', args, () => isListening(port))
  const reopen = () => process.kill(Number(readFileSync(join(folder, 'nginx.pid'), 'utf8')), 'SIGUSR1')
  return { ...program, url, log, reopen }
}
