import { readAddress } from '../address.ts'
import { emptyRecord, readText } from '../fields.ts'
import type { Spelling } from './format.ts'
import { unescapeLine } from './unescape.ts'

const cell = /^[\w.-]{1,64}:/

/** Labels of ltsv.org as `names.ts` names them. */
const labels = new Map(
  Object.entries({
    req: 'request',
    forwardedfor: 'x_forwarded_for',
    reqtime: 'request_time',
    taken_sec: 'request_time',
    apptime: 'upstream_response_time',
    cache: 'upstream_cache_status'
  })
)

/** Labelled Tab-separated Values: `host` is the client where nothing else is. */
export const ltsv: Spelling = {
  name: 'ltsv',
  matches: (line) =>
    line.includes('\t') && cell.test(line) && line.split('\t').every((part) => cell.test(part)),
  parse(line) {
    const record = emptyRecord()
    for (const part of line.split('\t')) {
      const colon = part.indexOf(':')
      const label = part.slice(0, colon)
      record[labels.get(label) ?? label] ??= unescapeLine(part.slice(colon + 1))
    }
    const { time, reqtime_microsec, host, ...others } = record
    const isClient =
      others.remote_addr === undefined &&
      (others.vhost !== undefined || readAddress(readText(host) ?? '') !== null)
    return {
      ...others,
      ...(time !== undefined && { time: String(time).replace(/^\[(.*)\]$/, '$1') }),
      ...(reqtime_microsec !== undefined && { duration_ms: Number(reqtime_microsec) / 1000 }),
      ...(host !== undefined && (isClient ? { remote_addr: host } : { host }))
    }
  }
}
