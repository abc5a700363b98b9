/** Names that mean this machine or its own network, whole or as the end of a name. */
const closedNames = [
  'localhost',
  'local',
  'internal',
  'intranet',
  'lan',
  'home',
  'corp',
  'private',
  'home.arpa',
  'localdomain'
]

const loopback = /^(?:localhost|127\.0\.0\.1|\[::1\])$/
const longest = 2_048

/**
 * Why nothing may be sent to an address; null if it may. `isLocal`: on a machine of one's own, http to this machine is
 * allowed. `URL` has made one spelling of many: `0x7f.1`, `2130706433` and `127.0.0.1` are the same by then.
 */
export function addressProblem(text: string, isLocal: boolean): string | null {
  if (text.length > longest) return `it is longer than ${longest} characters`
  if (!URL.canParse(text)) return 'it is not an address like https://example.com/hook'
  const url = new URL(text)
  if (url.username || url.password) return 'it has a user name or a password'
  if (isLocal && url.protocol === 'http:' && loopback.test(url.hostname)) return null
  if (url.protocol !== 'https:') return 'it does not begin with https://'
  if (url.port) return `its port is ${url.port}, and only 443 is allowed`
  return hostProblem(url.hostname)
}

function hostProblem(hostname: string): string | null {
  const host = hostname.replace(/\.+$/, '')
  // Which addresses are public is not asked: no service needs one without a name.
  if (host.startsWith('[') || /^\d+(?:\.\d+){3}$/.test(host)) return 'it names an IP address: use a host name'
  if (!host.includes('.')) return `${host || 'its host'} is not a public host name`
  const isClosed = closedNames.some((name) => host === name || host.endsWith(`.${name}`))
  return isClosed ? `${host} is not a public host name` : null
}
