import { isFields, type Fields } from '../fields.ts'
import type { Format } from './format.ts'
import { headerOf, readNames, without } from './names.ts'

/**
 * Google Cloud's load balancers and AWS WAF: the request stands in a part of its own, with a duration like `0.012s`, or
 * with the headers as a list.
 */
export const google: Format<Fields> = {
  name: 'google',
  matches: (record) => isFields(record.httpRequest),
  read(hit, record, source) {
    const { requestUrl, latency, protocol, headers, ...request } = record.httpRequest as Fields
    const { timestamp, receiveTimestamp, insertId } = record
    const known = {
      time: timestamp ?? receiveTimestamp,
      request_id: insertId,
      url: requestUrl,
      duration: latency
    }
    const others = without(record, 'httpRequest timestamp receiveTimestamp insertId severity logName')
    const sent = headers === undefined ? {} : readHeaders(headers)
    readNames(hit, { ...known, ...sent, protocol, ...request, ...others }, source)
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
