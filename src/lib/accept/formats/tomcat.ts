import { isFields, type Fields } from '../fields.ts'
import type { Format } from './format.ts'
import { headerOf, readNames, without } from './names.ts'

/** The headers that a pattern adds with `%{…}i`, by the name of nginx for each. */
const headers = {
  http_host: 'Host',
  http_referer: 'Referer',
  http_user_agent: 'User-Agent',
  http_x_forwarded_for: 'X-Forwarded-For',
  http_forwarded: 'Forwarded',
  http_x_real_ip: 'X-Real-Ip'
}

/** Tomcat's `JsonAccessLogValve`: `host` is the client, `elapsedTime` counts milliseconds. */
export const tomcat: Format<Fields> = {
  name: 'tomcat',
  matches: (record) =>
    record.host !== undefined &&
    (record.logicalUserName !== undefined ||
      (record.statusCode !== undefined && isFields(record.requestHeaders))),
  read(hit, record, source) {
    const { host, remoteAddr, localServerName, elapsedTime, elapsedTimeS, requestHeaders } = record
    const known: Fields = {
      remote_addr: remoteAddr ?? host,
      duration_ms: elapsedTime,
      duration_s: elapsedTimeS,
      server_name: localServerName
    }
    for (const [name, header] of Object.entries(headers)) known[name] = headerOf(requestHeaders, header)
    const named = 'host remoteAddr localServerName elapsedTime elapsedTimeS requestHeaders'
    const rest = isFields(requestHeaders) ? withoutHeaders(requestHeaders) : undefined
    readNames(
      hit,
      {
        ...known,
        ident: record.logicalUserName,
        ...without(record, `${named} logicalUserName`),
        requestHeaders: rest
      },
      source
    )
  }
}

function withoutHeaders(sent: Fields): Fields | undefined {
  const names = new Set(Object.values(headers).map((name) => name.toLowerCase()))
  const rest = Object.entries(sent).filter(([name]) => !names.has(name.toLowerCase()))
  return rest.length === 0 ? undefined : Object.fromEntries(rest)
}
