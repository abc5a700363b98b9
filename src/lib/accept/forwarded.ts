/**
 * The proxies of a `Forwarded` header (RFC 7239) as X-Forwarded-For lists them. A hop that hides its address, or whose
 * element has no `for`, is `unknown`. Commas count inside quotes, too: a client may send a quote that it does not close,
 * and no address has a comma.
 */
export function hopsOfForwarded(header: string): string {
  return header
    .split(',')
    .map((element) => hopOf(element.trim()))
    .filter((hop) => hop !== '')
    .join(',')
}

const pair = /^\s*for\s*=\s*("?)([^\s"]*)\1\s*$/i

function hopOf(element: string): string {
  // Some servers write X-Forwarded-For's list under this name.
  if (element === '' || !element.includes('=')) return element.includes(' ') ? 'unknown' : element
  const nodes = element
    .split(';')
    .map((part) => pair.exec(part)?.[2])
    .filter((node) => node !== undefined)
  return nodes.length === 1 && nodes[0] ? nodes[0] : 'unknown'
}
