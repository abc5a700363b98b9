import type { AcceptedHit } from '#lib/schema/hit.ts'
import { withoutPort } from '../address.ts'
import { putAddress } from '../client.ts'
import { cut, flag, forgetAgent, keepExtra, putTime, readBytes, readStatus } from '../fields.ts'
import { putReferrer, putRequest, readHost } from '../request.ts'
import type { Format } from './format.ts'
import { unescapeLine } from './unescape.ts'

const parts =
  /^(\S+:\d+) \[([^\]]+)\] (\S+) ([^\s/]+)\/(\S+) ([\d/+-]+) (-?\d+) \+?(\d+) \S+ \S+ \S{4} \S+ \S+ (?:\{([^}]*)\} )?(?:\{[^}]*\} )?"([^"]*)("?)/

/** HAProxy's `httplog`: timers in milliseconds, -1 for a phase that was never reached; its time names no zone. */
export const haproxy: Format<string> = {
  name: 'haproxy',
  matches: (line) => parts.test(line),
  read(hit, line, source) {
    const [
      ,
      client,
      time,
      frontend,
      backend,
      server,
      timers,
      status,
      bytes,
      headers = '',
      request = '',
      close
    ] = parts.exec(line)!
    putTime(hit, time, source)
    putAddress(hit, withoutPort(client!), null)
    putRequest(hit, request === '<BADREQ>' ? null : request)
    if (close === '') flag(hit, 'cut')
    hit.status = status === '-1' ? null : readStatus(hit, status)
    hit.bytes = readBytes(hit, bytes)
    putTimers(hit, timers!.split('/'))
    for (const header of headers.split('|')) putHeader(hit, header)
    putServers(hit, [frontend, backend, server])
  }
}

const numbers = String.raw`\+?\d+`
const clf = new RegExp(
  String.raw`^\d+ \d+ "([^"]*)" "([^"]*)" "([^"]*)" ((?:\+?-?\d+ ){5})\S{4}(?: ${numbers}){7}(?: "[^"]*"){2}(.*)$`
)

/**
 * Reads `httplog clf` from what stands behind the agent of a line of the combined format; false if it is something else.
 * Referrer and agent are always empty there: an agent is known only if its header is captured.
 */
export function readHaproxyTail(hit: AcceptedHit, text: string): boolean {
  const found = clf.exec(text)
  if (found === null) return false
  const [, frontend, backend, server, timers, headers] = found
  hit.shape = 'haproxy'
  forgetAgent(hit)
  putTimers(hit, timers!.trim().split(' '))
  for (const [, header] of headers!.matchAll(/"((?:[^"\\]|\\[^])*)"/g)) putHeader(hit, unescapeLine(header!))
  putServers(hit, [frontend, backend, server])
  return true
}

/** The last two of the timers are those of the server and of the whole request. */
function putTimers(hit: AcceptedHit, timers: readonly string[]): void {
  const times = timers.map((timer) => Number(timer.replace('+', '')))
  const [upstream = -1, whole = -1] = times.slice(-2)
  if (whole >= 0) hit.duration = whole
  if (upstream >= 0) hit.upstream_duration = upstream
}

function putServers(hit: AcceptedHit, [frontend, backend, server]: readonly (string | undefined)[]): void {
  keepExtra(hit, 'frontend', frontend)
  keepExtra(hit, 'backend', backend)
  keepExtra(hit, 'upstream', server)
}

/** A captured header has no name: a host looks like one, an agent has a version, a referrer is an address. */
function putHeader(hit: AcceptedHit, value: string): void {
  if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?$/i.test(value) && hit.host === null) hit.host = readHost(value)
  else if (/^https?:\/\//i.test(value) && hit.referrer === null) putReferrer(hit, value)
  else if (/^\w[\w .-]*\/\d/.test(value) && hit.user_agent === null) hit.user_agent = cut(hit, value, 2048)
  else keepExtra(hit, 'header', value)
}
