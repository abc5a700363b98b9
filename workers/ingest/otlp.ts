import type { Reader } from '#lib/accept/body.ts'
import { isProtobuf, readProtobuf, type Message } from './protobuf.ts'
import { routesOf, type Receipt } from './receive.ts'

/** Takes logs of OpenTelemetry over HTTP, as JSON or as protobuf, and answers in the same. */
export const otlp = routesOf({
  readerOf: (type) => (isProtobuf(type) ? readLogs : undefined),
  answer: (c, receipt) => {
    const refused = refusedOf(receipt)
    if (!isProtobuf(c.req.header('Content-Type') ?? '')) return c.json({ partialSuccess: refused ?? {} })
    const body = refused === null ? new Uint8Array() : encode(refused)
    return c.body(body, 200, { 'Content-Type': 'application/x-protobuf' })
  }
})

interface PartialSuccess {
  /** A 64-bit number is a text in the JSON of protobuf. */
  rejectedLogRecords: string
  errorMessage: string
}

function refusedOf({ reply: { rejected, errors } }: Receipt): PartialSuccess | null {
  if (rejected === 0) return null
  return { rejectedLogRecords: String(rejected), errorMessage: errors[0]?.message ?? 'see Status' }
}

const any: Message = {
  1: { name: 'stringValue', kind: 'text' },
  2: { name: 'boolValue', kind: 'bool' },
  3: { name: 'intValue', kind: 'varint' },
  4: { name: 'doubleValue', kind: 'double' },
  5: { name: 'arrayValue', kind: () => values },
  6: { name: 'kvlistValue', kind: () => pairs },
  // Bytes that a log has are text.
  7: { name: 'stringValue', kind: 'text' }
}
const pair: Message = { 1: { name: 'key', kind: 'name' }, 2: { name: 'value', kind: () => any } }
const values: Message = { 1: { name: 'values', kind: () => any, isList: true } }
const pairs: Message = { 1: { name: 'values', kind: () => pair, isList: true } }
const resource: Message = { 1: { name: 'attributes', kind: () => pair, isList: true } }
const logRecord: Message = {
  1: { name: 'timeUnixNano', kind: 'fixed64' },
  5: { name: 'body', kind: () => any },
  6: { name: 'attributes', kind: () => pair, isList: true },
  11: { name: 'observedTimeUnixNano', kind: 'fixed64' }
}
const scopeLogs: Message = { 2: { name: 'logRecords', kind: () => logRecord, isList: true } }
const resourceLogs: Message = {
  1: { name: 'resource', kind: () => resource },
  2: { name: 'scopeLogs', kind: () => scopeLogs, isList: true }
}
const request: Message = { 1: { name: 'resourceLogs', kind: () => resourceLogs, isList: true } }

const readLogs: Reader = (body, limits) => {
  const { resourceLogs = [] } = readProtobuf(body, request, limits)
  return [{ records: [{ resourceLogs }], isDamaged: true }]
}

/** ExportLogsServiceResponse: field 1 is the partial success, with a number and a text. */
function encode({ rejectedLogRecords, errorMessage }: PartialSuccess): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(errorMessage)
  const inner = [0x08, ...varint(Number(rejectedLogRecords)), 0x12, ...varint(text.length), ...text]
  return Uint8Array.from([0x0a, ...varint(inner.length), ...inner])
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]
}
