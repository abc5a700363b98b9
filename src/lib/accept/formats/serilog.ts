import { isFields, type Fields } from '../fields.ts'
import type { Format } from './format.ts'
import { readNames, without } from './names.ts'

/** Serilog's request logging of ASP.NET, as compact JSON or with `Properties`: `Elapsed` counts milliseconds. */
export const serilog: Format<Fields> = {
  name: 'serilog',
  matches: (record) => {
    const { RequestPath, RequestMethod, StatusCode } = propertiesOf(record)
    return RequestPath !== undefined && RequestMethod !== undefined && StatusCode !== undefined
  },
  read(hit, record, source) {
    const { RequestPath, RequestMethod, StatusCode, Elapsed, ...rest } = propertiesOf(record)
    const known = {
      time: record['@t'] ?? record.Timestamp ?? record.timestamp ?? record['@timestamp'],
      request_method: RequestMethod,
      request_uri: RequestPath,
      status: StatusCode,
      duration_ms: Elapsed
    }
    readNames(hit, { ...known, ...without(rest, told) }, source)
  }
}

const propertiesOf = (record: Fields): Fields => (isFields(record.Properties) ? record.Properties : record)

/** What the logger says of itself. */
const told =
  '@t @mt @m @l @i @r @tr @sp Timestamp timestamp @timestamp Level MessageTemplate RenderedMessage SourceContext'
