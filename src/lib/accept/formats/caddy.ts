import { isFields, type Fields } from '../fields.ts'
import { Refused } from '../refused.ts'
import type { Format } from './format.ts'
import { headerOf, readNames, without } from './names.ts'

const access = 'http.log.access'

/** Caddy's JSON: the request is an object of its own, header values are lists, times are seconds. */
export const caddy: Format<Fields> = {
  name: 'caddy',
  matches: ({ request, logger }) =>
    isFields(request) &&
    request.uri !== undefined &&
    (typeof logger === 'string' || request.proto !== undefined),
  read(hit, record, source) {
    const { logger } = record
    if (typeof logger === 'string' && !logger.startsWith(access))
      throw new Refused('shape', `record is Caddy's log ${logger.slice(0, 64)}, not its access log`)
    const request = record.request as Fields
    const { headers } = request
    const known = {
      time: record.ts,
      remote_addr: request.client_ip ?? request.remote_ip ?? request.remote_addr,
      http_x_forwarded_for: headerOf(headers, 'X-Forwarded-For'),
      http_forwarded: headerOf(headers, 'Forwarded'),
      http_x_real_ip: headerOf(headers, 'X-Real-Ip'),
      http_cf_connecting_ip: headerOf(headers, 'Cf-Connecting-Ip'),
      http_true_client_ip: headerOf(headers, 'True-Client-Ip'),
      request_method: request.method,
      request_uri: request.uri,
      server_protocol: request.proto,
      http_host: request.host,
      scheme: request.tls === undefined ? 'http' : 'https',
      status: record.status,
      bytes_sent: record.size,
      request_length: record.bytes_read,
      duration_s: record.duration,
      remote_user: record.user_id,
      http_referer: headerOf(headers, 'Referer'),
      http_user_agent: headerOf(headers, 'User-Agent') ?? (headers === undefined ? undefined : ''),
      // The server's own comes first: a client may send the same id with every request.
      request_id: headerOf(record.resp_headers, 'X-Request-Id') ?? headerOf(headers, 'X-Request-Id')
    }
    readNames(hit, { ...known, ...without(record, told) }, source)
  }
}

/** Keys that have a column or repeat the line, and keys with the same value in every line. */
const told = 'common_log ts request status size bytes_read duration user_id logger level msg resp_headers'
