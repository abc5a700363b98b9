/** What of a file in `forwarders/` is a user's own. */
export interface Own {
  /** Loggia's address. */
  origin: string
  token: string
  /** The site to name in the address; null where lines name theirs. */
  site: string | null
  /** The log to read. */
  log: string
}

/** What the files have in its place. */
const shipped = {
  host: 'loggia.example.workers.dev',
  token: 'lgi_...',
  log: '/var/log/nginx/loggia.log',
  parameters: '# parameters: { site: NAME }'
}

const addresses = /\/api\/(?:ingest|loki\/loki\/api\/v1\/push|otlp\/v1\/logs)(\??)/g

/** The text of a file in `forwarders/` with a user's address, token, site and log, and without its comments. */
export function fill(file: string, { origin, token, site, log }: Own): string {
  const named = site === null ? file : nameSite(file, site)
  return putAddress(withoutComments(named), new URL(origin))
    .replaceAll(shipped.token, () => token)
    .replaceAll(shipped.log, () => log)
}

function nameSite(file: string, site: string): string {
  const query = `?site=${encodeURIComponent(site)}`
  return file
    .replace(shipped.parameters, () => `parameters: { site: ${JSON.stringify(site)} }`)
    .replace(addresses, (address, more: string) =>
      more === '' ? address + query : `${address.slice(0, -1)}${query}&`
    )
}

/** Says what stands there, not what it means: that is in the file. */
function withoutComments(file: string): string {
  return file
    .replace(/^\s*(?:#(?!!)|\/\/).*\n/gm, '')
    .replace(/ {2}#.*$/gm, '')
    .replace(/\n{2,}/g, '\n')
    .replace(/^\n/, '')
    .trimEnd()
}

/** Names the port where a program would take another, and gives host, port and TLS apart to a program that asks so. */
function putAddress(text: string, { origin, protocol, hostname, port }: URL): string {
  const isSecure = protocol === 'https:'
  const usedPort = port || (isSecure ? '443' : '80')
  const whole = text
    .replaceAll(`https://${shipped.host}:443`, `${protocol}//${hostname}:${usedPort}`)
    .replaceAll(`https://${shipped.host}`, origin)
  if (!whole.includes(shipped.host)) return whole
  return whole
    .replaceAll(shipped.host, hostname.replace(/^\[(.*)\]$/, '$1'))
    .replace(/^( *port:? +)443$/im, `$1${usedPort}`)
    .replace(/^( *tls:? +)on$/im, `$1${isSecure ? 'on' : 'off'}`)
}
