import { isFields, readText, type Fields } from '../fields.ts'
import { parseJson } from '../json.ts'
import type { Format } from './format.ts'
import { readNames, without } from './names.ts'

/**
 * Azure's diagnostic logs of Front Door, Application Gateway and App Service: the request stands in `properties`, for App
 * Service as JSON in a text.
 */
export const azure: Format<Fields> = {
  name: 'azure',
  matches: (record) => {
    const found = propertiesOf(record)
    return found !== undefined && (found.httpStatusCode ?? found.httpStatus ?? found.ScStatus) !== undefined
  },
  read(hit, record, source) {
    const found = propertiesOf(record)!
    const known = {
      time: record.time ?? record.timeStamp,
      remote_addr: found.clientIp ?? found.clientIP ?? found.CIp,
      http_host: found.originalHost ?? found.hostName ?? found.CsHost ?? found.host,
      scheme: found.sslEnabled === 'on' ? 'https' : found.requestProtocol,
      request_method: found.httpMethod ?? found.CsMethod,
      request_uri: found.originalRequestUriWithArgs ?? found.requestUri ?? found.CsUriStem,
      query:
        found.originalRequestUriWithArgs === undefined ? (found.requestQuery ?? found.CsUriQuery) : undefined,
      server_protocol: readText(found.httpVersion)?.replace(/^(\d\.\d)\.0\.0$/, '$1'),
      status: found.httpStatusCode ?? found.httpStatus ?? found.ScStatus,
      bytes_sent: found.responseBytes ?? found.sentBytes ?? found.ScBytes,
      request_length: found.requestBytes ?? found.receivedBytes ?? found.CsBytes,
      ...spanOf(found),
      upstream_response_time: found.serverResponseLatency,
      upstream_status: found.serverStatus,
      cache_status: found.cacheStatus,
      http_referer: found.referer ?? found.referrer ?? found.Referer,
      http_user_agent:
        found.userAgent ?? (typeof found.UserAgent === 'string' ? withSpaces(found.UserAgent) : undefined),
      remote_user: found.CsUsername,
      request_id: found.trackingReference ?? found.transactionId,
      category: record.category
    }
    readNames(hit, { ...known, ...without(found, told) }, source)
  }
}

function propertiesOf({ properties }: Fields): Fields | undefined {
  if (isFields(properties)) return properties
  const value =
    typeof properties === 'string' && properties.startsWith('{') ? parseJson(properties) : undefined
  return isFields(value) ? value : undefined
}

/** App Service runs IIS, which writes `+` for a space. */
const withSpaces = (agent: string) => (agent.includes(' ') ? agent : agent.replace(/\+(\+?)/g, ' $1'))

/** App Service and the first Application Gateway count milliseconds, all others seconds. */
function spanOf({ timeTaken, TimeTaken, clientIP, originalRequestUriWithArgs }: Fields): Fields {
  if (TimeTaken !== undefined) return { duration_ms: TimeTaken }
  const isFirst = clientIP !== undefined && originalRequestUriWithArgs === undefined
  return isFirst && Number.isInteger(Number(timeTaken))
    ? { duration_ms: timeTaken }
    : { duration_s: timeTaken }
}

const told =
  'clientIp clientIP CIp originalHost hostName CsHost host sslEnabled requestProtocol httpMethod CsMethod ' +
  'originalRequestUriWithArgs requestUri CsUriStem requestQuery CsUriQuery httpVersion httpStatusCode httpStatus ScStatus ' +
  'responseBytes sentBytes ScBytes requestBytes receivedBytes CsBytes timeTaken TimeTaken serverResponseLatency ' +
  'serverStatus cacheStatus referer referrer Referer userAgent UserAgent CsUsername trackingReference transactionId ' +
  'clientPort httpStatusDetails result Cookie'
