import { readText, type Fields } from '../fields.ts'
import type { Format } from './format.ts'
import { readNames, without } from './names.ts'

/** Akamai's DataStream 2: texts are percent-encoded, spans milliseconds. */
export const akamai: Format<Fields> = {
  name: 'akamai',
  matches: (record) => record.cliIP !== undefined && record.reqPath !== undefined,
  read(hit, record, source) {
    const { UA, referer, reqPath, turnAroundTimeMSec, transferTimeMSec } = record
    const path = readText(reqPath)
    const spans = [turnAroundTimeMSec, transferTimeMSec].map((span) => Number(readText(span) ?? NaN))
    const known = {
      time: record.reqTimeSec,
      remote_addr: record.cliIP,
      http_x_forwarded_for: decode(record.xForwardedFor),
      http_host: record.reqHost,
      scheme: record.proto,
      request_method: record.reqMethod,
      path: path === null || path.startsWith('/') ? path : `/${path}`,
      query: record.queryStr,
      status: record.statusCode,
      bytes_sent: record.bytes,
      http_referer: decode(referer),
      http_user_agent: UA === undefined ? undefined : (decode(UA) ?? ''),
      request_id: record.reqId,
      duration_ms: spans.every((span) => span >= 0) ? spans[0]! + spans[1]! : undefined,
      cache_status: ['MISS', 'HIT'][Number(record.cacheStatus ?? NaN)]
    }
    readNames(hit, { ...known, ...without(record, told) }, source)
  }
}

const told =
  'version cp streamId reqTimeSec cliIP xForwardedFor reqHost proto reqMethod reqPath queryStr statusCode bytes ' +
  'referer UA reqId turnAroundTimeMSec transferTimeMSec cacheStatus cookie'

function decode(value: unknown): string | null {
  const text = readText(value)
  try {
    return text === null ? null : decodeURIComponent(text)
  } catch {
    return text
  }
}
