import type { Fields } from '../fields.ts'
import type { Format } from './format.ts'
import { readNames } from './names.ts'

/** Nanoseconds in a second. */
const seconds = (nanoseconds: unknown) => (typeof nanoseconds === 'number' ? nanoseconds / 1e9 : undefined)

/** Traefik's JSON: durations are nanoseconds, headers are there only if it is configured to keep them. */
export const traefik: Format<Fields> = {
  name: 'traefik',
  matches: (record) => record.DownstreamStatus !== undefined || record.RequestPath !== undefined,
  read(hit, record, source) {
    const known = {
      time_iso8601: record.StartUTC ?? record.StartLocal ?? record.time,
      remote_addr: record.ClientHost ?? record.ClientAddr,
      remote_user: record.ClientUsername,
      http_host: record.RequestHost ?? record.RequestAddr,
      request_method: record.RequestMethod,
      request_uri: record.RequestPath,
      server_protocol: record.RequestProtocol,
      scheme: record.RequestScheme,
      status: record.DownstreamStatus,
      bytes_sent: record.DownstreamContentSize,
      request_length: record.RequestContentSize,
      duration_s: seconds(record.Duration),
      upstream_response_time: seconds(record.OriginDuration),
      upstream_status: record.OriginStatus === 0 ? undefined : record.OriginStatus,
      http_referer: record.request_Referer,
      http_user_agent: record['request_User-Agent'],
      http_x_forwarded_for: record['request_X-Forwarded-For'],
      http_forwarded: record.request_Forwarded,
      http_x_real_ip: record['request_X-Real-Ip'],
      http_cf_connecting_ip: record['request_Cf-Connecting-Ip'],
      http_true_client_ip: record['request_True-Client-Ip'],
      request_id: record['request_X-Request-Id'],
      RouterName: record.RouterName,
      ServiceName: record.ServiceName,
      ServiceAddr: record.ServiceAddr,
      RetryAttempts: record.RetryAttempts === 0 ? undefined : record.RetryAttempts,
      TLSVersion: record.TLSVersion,
      entryPointName: record.entryPointName
    }
    readNames(hit, known, source)
  }
}
