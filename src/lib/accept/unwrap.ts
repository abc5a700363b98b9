import { isFields, type Fields, type Source } from './fields.ts'
import { recordFormats } from './formats/formats.ts'

interface Wrapper {
  name: string
  /** The records inside, or undefined when the record is no such wrapper. */
  open(record: Fields): unknown[] | undefined
}

/** What forwarders put around records, in the order they are tried. */
const wrappers: readonly Wrapper[] = [
  { name: 'records', open: (record) => openList(record.records, (item) => item.value) },
  { name: 'streams', open: (record) => openStreams(record.streams) },
  { name: 'resourceLogs', open: (record) => openTelemetry(record.resourceLogs) },
  { name: 'logs', open: (record) => openList(record.logs, (item) => item) },
  { name: 'logEvents', open: (record) => openList(record.logEvents, (item) => item) },
  // An element of `records` that was found alone, beside one that is no JSON.
  { name: 'value', open: (record) => openValue(record.value) },
  { name: 'message', open: (record) => openValue(record.message) },
  { name: 'log', open: (record) => openValue(record.log) },
  { name: 'MESSAGE', open: (record) => openValue(record.MESSAGE) },
  { name: '_raw', open: (record) => openValue(record._raw) },
  { name: 'short_message', open: (record) => openValue(record.short_message) },
  { name: 'event', open: (record) => openValue(record.event) },
  { name: 'jsonPayload', open: (record) => openValue(record.jsonPayload) }
]

/** The records inside of a wrapper, or undefined if the record is none. An empty list counts if nothing else is wrapped. */
export function unwrap(record: Fields): unknown[] | undefined {
  let empty: unknown[] | undefined
  for (const wrapper of wrappers) {
    const inner = wrapper.open(record)
    if (inner?.length === 0) empty = inner
    else if (inner !== undefined) return inner
  }
  return empty
}

const lineNames = ['message', 'log', 'MESSAGE', 'line', 'event', 'msg', 'textPayload']

/** The text that a record carries beside nothing of a request, however it looks; undefined if it carries none. */
export function unwrapLine(record: Fields): unknown[] | undefined {
  const name = lineNames.find((name) => typeof record[name] === 'string' && record[name] !== '')
  return name === undefined ? undefined : [String(record[name]).trim()]
}

/** What Cloudflare's Logpush uploads to see whether one listens, and what Elasticsearch's `_bulk` says before a record. */
export function isNoRecord(record: Fields): boolean {
  const [name = '', ...others] = Object.keys(record)
  if (others.length > 0) return false
  return record.content === 'tests' || (/^(?:create|index)$/.test(name) && isFields(record[name]))
}

/** What the wrapper tells of the records inside. */
export function sourceInside(record: Fields, outer: Source): Source {
  const host = isFields(record.host) ? record.host.name : record.host
  const server = record.hostname ?? host ?? record.fromhost ?? record._HOSTNAME
  const fields = isFields(record.fields) ? record.fields : record
  return {
    ...outer,
    time:
      record['@timestamp'] ??
      record.timestamp ??
      record.time ??
      record.date ??
      record.timereported ??
      record.eventTimestamp,
    server: typeof server === 'string' && server !== '' ? server.slice(0, 256) : outer.server,
    service: [record.service, fields.service].find((name) => typeof name === 'string') ?? outer.service
  }
}

/** Loki's push: labels around lines, each with its time in nanoseconds and perhaps labels of its own. */
function openStreams(streams: unknown): unknown[] | undefined {
  if (!Array.isArray(streams)) return undefined
  return streams.flatMap((item: unknown) => {
    const { stream = {}, values = [] } = isFields(item) ? item : {}
    if (!isFields(stream) || !Array.isArray(values)) return [item]
    return values.map((value: unknown) => {
      const [time, line, own] = Array.isArray(value) ? (value as unknown[]) : [undefined, value]
      const labels = { ...stream, ...(isFields(own) ? own : {}) }
      const service = labels.service ?? labels.service_name
      return { ...labels, service, timestamp: secondsOf(time), message: line }
    })
  })
}

/** OTLP's logs: resources around scopes around records, each with attributes. */
function openTelemetry(resources: unknown): unknown[] | undefined {
  if (!Array.isArray(resources)) return undefined
  return resources.filter(isFields).flatMap(({ resource, scopeLogs }) => {
    const about = isFields(resource) ? attributesOf(resource.attributes) : {}
    const scopes = Array.isArray(scopeLogs) ? scopeLogs.filter(isFields) : []
    return scopes.flatMap(({ logRecords }) =>
      (Array.isArray(logRecords) ? logRecords.filter(isFields) : []).map((record) => ({
        '@timestamp': secondsOf(record.timeUnixNano) ?? secondsOf(record.observedTimeUnixNano),
        service: about['service.name'],
        hostname: about['host.name'],
        ...attributesOf(record.attributes),
        ...bodyOf(record.body)
      }))
    )
  })
}

/** Seconds since 1970 of nanoseconds, which may be a text; undefined where there are none. */
function secondsOf(time: unknown): number | undefined {
  const nanoseconds = Number(time)
  return nanoseconds > 0 ? nanoseconds / 1e9 : undefined
}

function bodyOf(body: unknown): Fields {
  const value = valueOf(body)
  return isFields(value) ? value : { message: value }
}

function attributesOf(attributes: unknown): Fields {
  if (!Array.isArray(attributes)) return {}
  return Object.fromEntries(
    attributes.filter(isFields).map(({ key, value }) => [String(key), valueOf(value)])
  )
}

/** The value in one of OTLP's boxes; 64-bit numbers are texts there. */
function valueOf(box: unknown): unknown {
  if (!isFields(box)) return undefined
  const { stringValue, intValue, doubleValue, boolValue, arrayValue, kvlistValue } = box
  if (isFields(kvlistValue)) return attributesOf(kvlistValue.values)
  if (isFields(arrayValue)) return Array.isArray(arrayValue.values) ? arrayValue.values.map(valueOf) : []
  return stringValue ?? intValue ?? doubleValue ?? boolValue
}

function openList(value: unknown, open: (item: Fields) => unknown): unknown[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.map((item: unknown) => (isFields(item) ? (open(item) ?? item) : item))
}

/** A line or JSON as text, or a record; other texts and objects are fields like any. */
function openValue(value: unknown): unknown[] | undefined {
  if (typeof value === 'string') return isCarried(value) ? [lineIn(value)] : undefined
  return isFields(value) && recordFormats.some((format) => format.matches(value)) ? [value] : undefined
}

/** Docker keeps the end of a line. */
function lineIn(text: string): string {
  return text.replace(/\r?\n$/, '')
}

function isCarried(text: string): boolean {
  return /^\s*[{[<]/.test(text) || (text.includes('[') && text.includes(' "'))
}
