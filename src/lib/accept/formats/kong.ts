import { isFields, type Fields } from '../fields.ts'
import type { Format } from './format.ts'
import { headerOf, readNames } from './names.ts'

/** The log plugins of Kong and APISIX, and others like them: the request is an object, latencies count milliseconds. */
export const kong: Format<Fields> = {
  name: 'kong',
  matches: ({ request, response, status }) =>
    isFields(request) &&
    ((isFields(response) && response.status !== undefined) ||
      (status !== undefined && (request.uri ?? request.url ?? request.path) !== undefined)),
  read(hit, record, source) {
    const request = record.request as Fields
    const response = isFields(record.response) ? record.response : record
    const latencies = isFields(record.latencies) ? record.latencies : {}
    const { headers, method, uri, url, path, size } = request
    const known = {
      time: record.started_at ?? record.start_time ?? record.time ?? record.timestamp ?? record['@timestamp'],
      remote_addr: record.client_ip ?? record.remote_addr ?? record.ip,
      http_x_forwarded_for: headerOf(headers, 'X-Forwarded-For'),
      http_forwarded: headerOf(headers, 'Forwarded'),
      http_x_real_ip: headerOf(headers, 'X-Real-IP'),
      http_cf_connecting_ip: headerOf(headers, 'CF-Connecting-IP'),
      http_true_client_ip: headerOf(headers, 'True-Client-IP'),
      http_host: headerOf(headers, 'Host'),
      request_method: method,
      request_uri: uri ?? url ?? path,
      status: response.status,
      bytes_sent: response.size,
      request_length: size,
      duration_ms: latencies.request ?? record.latency,
      upstream_service_time: latencies.proxy ?? record.upstream_latency,
      http_referer: headerOf(headers, 'Referer'),
      http_user_agent: headerOf(headers, 'User-Agent') ?? (headers === undefined ? undefined : ''),
      request_id: request.id
    }
    readNames(hit, known, source)
  }
}
