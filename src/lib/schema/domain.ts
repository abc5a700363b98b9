/**
 * Returns the host of an authority in the form that referrers are grouped by: lower case, without user, port and `www.`.
 * The authority begins at `start` and ends at a slash. Returns null if it has no valid host.
 */
export function readDomain(text: string, start = 0): string | null {
  let end = start
  while (end < text.length && !'/?#\\'.includes(text[end]!)) end++
  let authority = text.slice(
    text.lastIndexOf('@', end - 1) >= start ? text.lastIndexOf('@', end - 1) + 1 : start,
    end
  )
  const port = /:\d*$/.exec(authority)
  if (port && (authority.startsWith('[') ? authority.includes(']:') : true))
    authority = authority.slice(0, port.index)
  const host = authority
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^www\./, '')
  return isHost(host) ? host : null
}

function isHost(host: string): boolean {
  if (host.startsWith('[')) return /^\[[\da-f:.]+\]$/.test(host)
  return (
    host !== '' &&
    host.length <= 253 &&
    /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}._-]*[\p{L}\p{M}\p{N}])?$/u.test(host)
  )
}
