import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Adds the hashes of the page's inline scripts, which Kit names in the page's own policy, to the policy that every
 * asset is sent under: the header alone then decides which inline script runs.
 */
export function allowOwnScripts(page: string, headers: string): void {
  const hashes = readFileSync(page, 'utf8').match(/'sha256-[\w+/]+=*'/g)
  if (!hashes) throw new Error(`${page} names no hash of its scripts: Kit's csp.mode is not "hash"`)
  const text = readFileSync(headers, 'utf8')
  if (!text.includes(place)) throw new Error(`${headers} has no ${place}`)
  writeFileSync(headers, text.replace(place, `${place} ${hashes.join(' ')}`))
}

const place = `script-src 'self'`
