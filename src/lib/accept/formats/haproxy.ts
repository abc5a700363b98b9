import { withoutPort } from '../address.ts'
import { putAddress } from '../client.ts'
import { cut, keepExtra, putTime, readBytes, readStatus } from '../fields.ts'
import { putRequest, readHost } from '../request.ts'
import type { Format } from './format.ts'

const parts =
  /^(\S+:\d+) \[([^\]]+)\] (\S+) ([^\s/]+)\/(\S+) ([\d/+-]+) (-?\d+) \+?(\d+) \S+ \S+ \S{4} \S+ \S+ (?:\{([^}]*)\} )?(?:\{[^}]*\} )?"([^"]*)"?/

/** HAProxy's `httplog`: timers in milliseconds, -1 for a phase that was never reached; its time names no zone. */
export const haproxy: Format<string> = {
  name: 'haproxy',
  matches: (line) => parts.test(line),
  read(hit, line, source) {
    const [, client, time, frontend, backend, server, timers, status, bytes, headers = '', request = ''] =
      parts.exec(line)!
    putTime(hit, time, source)
    putAddress(hit, withoutPort(client!), null)
    putRequest(hit, request === '<BADREQ>' ? null : request)
    hit.status = status === '-1' ? null : readStatus(hit, status)
    hit.bytes = readBytes(hit, bytes)
    const times = timers!.split('/').map((timer) => Number(timer.replace('+', '')))
    const [upstream = -1, whole = -1] = times.slice(-2)
    if (whole >= 0) hit.duration = whole
    if (upstream >= 0) hit.upstream_duration = upstream
    for (const header of headers.split('|')) putHeader(hit, header)
    keepExtra(hit, 'frontend', frontend)
    keepExtra(hit, 'backend', backend)
    keepExtra(hit, 'upstream', server)
  }
}

/** A captured header has no name: a host looks like one, an agent has a version. */
function putHeader(hit: Parameters<Format<string>['read']>[0], value: string): void {
  if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?$/i.test(value) && hit.host === null) hit.host = readHost(value)
  else if (/^\w[\w .-]*\/\d/.test(value) && hit.user_agent === null) hit.user_agent = cut(hit, value, 2048)
  else keepExtra(hit, 'header', value)
}
