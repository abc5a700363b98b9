import { isFields, type Fields } from '../fields.ts'
import type { Format } from './format.ts'
import { readNames, without } from './names.ts'

/**
 * Vercel's log drains: what the visitor asked for stands in `proxy`. A function logs several records for one request,
 * which have the same id and time, and so count once.
 */
export const vercel: Format<Fields> = {
  name: 'vercel',
  matches: ({ proxy }) => isFields(proxy) && proxy.path !== undefined && proxy.method !== undefined,
  read(hit, record, source) {
    const proxy = record.proxy as Fields
    const { timestamp, method, scheme, host, path, userAgent, referer, statusCode, clientIp } = proxy
    const time = timestamp ?? record.timestamp
    const known = {
      time: typeof time === 'number' ? time / 1000 : time,
      remote_addr: clientIp,
      http_host: host,
      scheme,
      request_method: method,
      request_uri: path,
      status: statusCode ?? record.statusCode,
      bytes_sent: proxy.responseByteSize,
      cache_status: proxy.vercelCache,
      http_referer: referer,
      http_user_agent: userAgent ?? '',
      request_id: record.requestId ?? record.id
    }
    readNames(hit, { ...known, region: proxy.region, ...without(record, told) }, source)
  }
}

/** Keys that have a column, that repeat the request, or that say what the function logged. */
const told =
  'id message timestamp requestId statusCode host path entrypoint proxy level type deploymentId projectId executionRegion invocationId instanceId traceId spanId trace.id span.id'
