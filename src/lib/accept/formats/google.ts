import { isFields, type Fields } from '../fields.ts'
import type { Format } from './format.ts'
import { readNames, without } from './names.ts'

/** Google Cloud's load balancers: the request stands in a part of its own, with a duration like `0.012s`. */
export const google: Format<Fields> = {
  name: 'google',
  matches: (record) => isFields(record.httpRequest),
  read(hit, record, source) {
    const { requestUrl, latency, protocol, ...request } = record.httpRequest as Fields
    const { timestamp, receiveTimestamp, insertId } = record
    const known = {
      time: timestamp ?? receiveTimestamp,
      request_id: insertId,
      url: requestUrl,
      duration: latency
    }
    const others = without(record, 'httpRequest timestamp receiveTimestamp insertId severity logName')
    readNames(hit, { ...known, protocol, ...request, ...others }, source)
  }
}
