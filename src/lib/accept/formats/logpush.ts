import type { Fields } from '../fields.ts'
import type { Format } from './format.ts'
import { readNames } from './names.ts'

/** Cloudflare's Logpush of HTTP requests and of firewall events: durations are milliseconds, a status of 0 from the origin means the cache. */
export const logpush: Format<Fields> = {
  name: 'logpush',
  matches: (record) => record.ClientRequestURI !== undefined || record.EdgeResponseStatus !== undefined,
  read(hit, record, source) {
    const {
      EdgeStartTimestamp,
      EdgeEndTimestamp,
      ClientIP,
      ClientRequestHost,
      ClientRequestMethod,
      ClientRequestURI,
      ClientRequestPath,
      ClientRequestProtocol,
      ClientRequestScheme,
      ClientRequestReferer,
      ClientRequestUserAgent,
      ClientRequestBytes,
      EdgeResponseStatus,
      EdgeResponseBytes,
      EdgeTimeToFirstByteMs,
      OriginResponseStatus,
      OriginResponseDurationMs,
      CacheCacheStatus,
      RayID,
      Datetime,
      ClientRequestQuery,
      ...rest
    } = record
    const isCached = OriginResponseStatus === 0 || OriginResponseStatus === undefined
    const known = {
      time: EdgeStartTimestamp ?? EdgeEndTimestamp ?? Datetime,
      remote_addr: ClientIP,
      http_host: ClientRequestHost,
      request_method: ClientRequestMethod,
      request_uri: ClientRequestURI ?? ClientRequestPath,
      query: ClientRequestQuery,
      server_protocol: ClientRequestProtocol,
      scheme: ClientRequestScheme,
      http_referer: ClientRequestReferer,
      http_user_agent: ClientRequestUserAgent,
      request_length: ClientRequestBytes,
      status: EdgeResponseStatus,
      bytes_sent: EdgeResponseBytes,
      duration_ms: EdgeTimeToFirstByteMs,
      upstream_status: isCached ? undefined : OriginResponseStatus,
      upstream_service_time: isCached ? undefined : OriginResponseDurationMs,
      cache_status: CacheCacheStatus,
      request_id: RayID
    }
    readNames(hit, { ...known, ...rest }, source)
  }
}
