import type { Fields, Source } from './fields.ts'
import { shapes } from './shapes.ts'

interface Wrapper {
  name: string
  /** The records inside, or undefined when the record is no such wrapper. */
  open(record: Fields): unknown[] | undefined
}

/** What forwarders put around records, in the order they are tried. */
const wrappers: readonly Wrapper[] = [
  { name: 'records', open: (record) => openList(record.records, (item) => item.value) },
  { name: 'logs', open: (record) => openList(record.logs, (item) => item) },
  // An element of `records` that was found alone, beside one that is no JSON.
  { name: 'value', open: (record) => openValue(record.value) },
  { name: 'message', open: (record) => openValue(record.message) },
  { name: 'log', open: (record) => openValue(record.log) },
  { name: 'event', open: (record) => openValue(record.event) }
]

/** The records inside of a wrapper, or undefined if the record is none. */
export function unwrap(record: Fields): unknown[] | undefined {
  for (const wrapper of wrappers) {
    const inner = wrapper.open(record)
    if (inner !== undefined) return inner
  }
  return undefined
}

/** What the wrapper tells of the records inside. */
export function sourceInside(record: Fields, outer: Source): Source {
  const host = isFields(record.host) ? record.host.name : record.host
  const server = record.hostname ?? host ?? record.fromhost
  return {
    ...outer,
    time: record['@timestamp'] ?? record.timestamp ?? record.time ?? record.date ?? record.timereported,
    server: typeof server === 'string' && server !== '' ? server.slice(0, 256) : outer.server,
    service: typeof record.service === 'string' ? record.service : outer.service
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function openList(value: unknown, open: (item: Fields) => unknown): unknown[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.map((item: unknown) => (isFields(item) ? (open(item) ?? item) : item))
}

/** A line or JSON as text, or a record; other texts and objects are fields like any. */
function openValue(value: unknown): unknown[] | undefined {
  if (typeof value === 'string') return isCarried(value) ? [value] : undefined
  return isFields(value) && shapes.some((shape) => shape.matches(value)) ? [value] : undefined
}

function isCarried(text: string): boolean {
  return /^\s*[{[<]/.test(text) || (text.includes('[') && text.includes(' "'))
}
