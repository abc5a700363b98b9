import type { AcceptedHit } from '#lib/schema/hit.ts'
import { withoutPort } from '../address.ts'
import { putAddress } from '../client.ts'
import { cut, keepExtra, putTime, readText } from '../fields.ts'
import { putReferrer, putRequest, readHost } from '../request.ts'
import { scrubText } from '../scrub.ts'
import type { Format } from './format.ts'
import { unescapeLine } from './unescape.ts'

const nginxStart = /^(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d) \[(\w+)\] \d+#\d+: (?:\*\d+ )?/
/** What nginx names behind its message; only the last ones are quoted. */
const nginxParts =
  /, (client|server|request|subrequest|upstream|host|referrer): (?:"((?:[^"\\]|\\[^])*)"|([^,]*))/g

/** nginx's error log: an event, not a request, so that no request counts twice. Its time names no zone. */
export const nginxErrorLog: Format<string> = {
  name: 'nginx-error',
  matches: (line) => nginxStart.test(line),
  read(hit, line, source) {
    const [start, time, level] = nginxStart.exec(line)!
    const text = line.slice(start.length)
    const parts = new Map<string, string>()
    let end = text.length
    for (const { index, 1: name, 2: inQuotes, 3: word } of text.matchAll(nginxParts)) {
      end = Math.min(end, index)
      parts.set(name!, unescapeLine(inQuotes ?? word!))
    }
    putTime(hit, time, source)
    putEvent(hit, level!, text.slice(0, end))
    const client = parts.get('client')
    if (client !== undefined) putAddress(hit, client, null)
    const request = parts.get('request')
    if (request !== undefined) putRequest(hit, request)
    const host = parts.get('host') || parts.get('server')
    if (host) hit.host = readHost(host)
    const referrer = parts.get('referrer')
    if (referrer) putReferrer(hit, referrer)
    keepExtra(hit, 'upstream', parts.get('upstream'))
    keepExtra(hit, 'subrequest', parts.get('subrequest'))
  }
}

const apacheStart =
  /^\[\w{3} (\w{3}) ([ \d]\d) (\d\d:\d\d:\d\d(?:\.\d+)?) (\d{4})\] \[([\w-]+:)?(\w+)\] (?:\[pid [^\]]*\] )?/
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** Apache's error log, of 2.2 and 2.4. Its time names no zone. */
export const apacheErrorLog: Format<string> = {
  name: 'apache-error',
  matches: (line) => apacheStart.test(line),
  read(hit, line, source) {
    const [start, month, day, clock, year, module, level] = apacheStart.exec(line)!
    const number = String(months.indexOf(month!) + 1).padStart(2, '0')
    putTime(hit, `${year}-${number}-${day!.replace(' ', '0')} ${clock}`, source)
    const text = line.slice(start.length)
    const client = /\[(?:client|remote) ((?:\[[^\]]*\])?[^\]]*)\] /.exec(text)
    const referrer = /, referer: (\S+)$/.exec(text)
    const whole = referrer === null ? text : text.slice(0, referrer.index)
    putEvent(hit, level!, client === null ? whole : whole.replace(client[0], ''))
    // Only 2.4 names the module, and writes the port of the client.
    if (client !== null) putAddress(hit, module === undefined ? client[1]! : withoutPort(client[1]!), null)
    if (referrer !== null) putReferrer(hit, referrer[1]!)
    keepExtra(hit, 'module', module?.slice(0, -1))
  }
}

/** Who tried to sign in, as both servers write it. */
const user = /\buser (?:"([^"]{1,256})"|([^\s:"]{1,256})(?=:| not found))/

/** The message without the name of a user, which has a column of its own that a site may drop. */
function putEvent(hit: AcceptedHit, level: string, text: string): void {
  hit.kind = 'error'
  const name = user.exec(text)
  if (name !== null) hit.remote_user = readText(name[1] ?? name[2])
  const message = readText((name === null ? text : text.replace(name[0], 'user')).trim())
  if (message !== null) hit.message = cut(hit, scrubText(unescapeLine(message)), 2048)
  keepExtra(hit, 'level', level)
}
