import { isFields, type Fields } from '../fields.ts'
import { Refused } from '../refused.ts'
import type { Format } from './format.ts'
import { headerOf, readNames } from './names.ts'

const access = 'http.log.access'

/** Caddy's JSON: the request is an object of its own, header values are lists, times are seconds. */
export const caddy: Format<Fields> = {
  name: 'caddy',
  matches: ({ request, logger }) =>
    isFields(request) &&
    request.uri !== undefined &&
    (typeof logger === 'string' || request.proto !== undefined),
  read(hit, record, source) {
    const {
      request,
      logger,
      ts,
      duration,
      size,
      status,
      user_id,
      bytes_read,
      resp_headers,
      level,
      msg,
      ...rest
    } = record
    if (typeof logger === 'string' && !logger.startsWith(access))
      throw new Refused('shape', `record is Caddy's log ${logger.slice(0, 64)}, not its access log`)
    const {
      remote_ip,
      client_ip,
      remote_addr,
      remote_port,
      method,
      host,
      uri,
      proto,
      headers,
      tls,
      ...more
    } = request as Fields
    const known = {
      time: ts,
      remote_addr: client_ip ?? remote_ip ?? remote_addr,
      request_method: method,
      request_uri: uri,
      server_protocol: proto,
      http_host: host,
      scheme: tls === undefined ? 'http' : 'https',
      status,
      bytes_sent: size,
      request_length: bytes_read,
      duration_s: duration,
      remote_user: user_id,
      http_referer: headerOf(headers, 'Referer'),
      http_user_agent: headerOf(headers, 'User-Agent') ?? (headers === undefined ? undefined : ''),
      request_id: headerOf(headers, 'X-Request-Id')
    }
    readNames(hit, { ...known, ...rest, ...more }, source)
  }
}
