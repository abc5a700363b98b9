import { isFields, type Fields } from '../fields.ts'
import type { Format } from './format.ts'
import { headerOf, readNames, without } from './names.ts'

/**
 * Google Cloud's load balancers, AWS WAF and chi: the request stands in a part of its own, with a duration like `0.012s`,
 * or with the headers as a list. chi's response is beside it.
 */
export const google: Format<Fields> = {
  name: 'google',
  matches: (record) => isFields(record.httpRequest),
  read(hit, record, source) {
    const { requestUrl, url, path, latency, protocol, headers, header, ...request } =
      record.httpRequest as Fields
    const { timestamp, receiveTimestamp, insertId } = record
    const known = {
      time: timestamp ?? receiveTimestamp,
      request_id: insertId,
      url: requestUrl ?? url,
      path: requestUrl === undefined && url === undefined ? path : undefined,
      duration: latency
    }
    const { status, bytes, elapsed } = isFields(record.httpResponse) ? record.httpResponse : {}
    const answered = { status, bytes_sent: bytes, duration_ms: elapsed }
    const others = without(
      record,
      'httpRequest httpResponse timestamp receiveTimestamp insertId severity logName'
    )
    const sent = (headers ?? header) === undefined ? {} : readHeaders(headers ?? header)
    readNames(hit, { ...known, ...sent, ...answered, protocol, ...request, ...others }, source)
  }
}

/** The headers that have a column; the others hold what the client chose to send. */
const readHeaders = (headers: unknown): Fields => ({
  http_host: headerOf(headers, 'Host'),
  http_user_agent: headerOf(headers, 'User-Agent') ?? '',
  http_referer: headerOf(headers, 'Referer'),
  http_x_forwarded_for: headerOf(headers, 'X-Forwarded-For'),
  http_forwarded: headerOf(headers, 'Forwarded')
})
