import type { Fields } from '../fields.ts'
import { named, quotedText } from './named.ts'

/**
 * Envoy's default format and Istio's, which adds why a response is as it is before the bytes, and cluster and addresses
 * behind the upstream. Times are in milliseconds.
 */
export const envoy = named(
  'envoy',
  new RegExp(
    String.raw`^\[(?<time>\d{4}-[^\]]+)\] "(?<request>${quotedText})" (?<status>\d+) (?<response_flags>\S+) ` +
      String.raw`(?<why>(?:"[^"]*" |[^\s"\d]\S* ){0,4})(?<bytes_received>\d+) (?<bytes>\d+) (?<duration_ms>-|\d+) ` +
      String.raw`(?<upstream_service_time>-|\d+) "(?<x_forwarded_for>[^"]*)" "(?<user_agent>${quotedText})" ` +
      String.raw`"(?<request_id>[^"]*)" "(?<authority>[^"]*)" "(?<upstream_addr>[^"]*)"` +
      String.raw`(?: (?<upstream_cluster>\S+) \S+ \S+ (?<remote_addr>\S+) (?<server_name>\S+) (?<route>\S+))?`
  ),
  ({ why, ...found }) => ({
    ...found,
    ...withoutRequest(found),
    why: String(why).replace(/"?-"?/g, '').trim()
  })
)

/** A TCP connection has a status of 0 and no request. */
function withoutRequest({ request, status }: Fields): Fields {
  return request === '- - -' && Number(status) === 0 ? { request: '-' } : {}
}
