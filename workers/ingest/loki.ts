import type { Reader } from '#lib/accept/body.ts'
import { isFields } from '#lib/accept/fields.ts'
import { TooMany } from '#lib/accept/limits.ts'
import { Hono } from 'hono'
import { isProtobuf, readProtobuf, type Message } from './protobuf.ts'
import { grantOf, mostDecoded, routesOf, type App } from './receive.ts'
import { unsnap } from './snappy.ts'

/** Takes what Loki's clients push, as JSON or as protobuf in Snappy. */
export const loki = routesOf({
  readerOf: (type) => (isProtobuf(type) ? readPush : undefined),
  answer: (c) => c.body(null, 204)
})

/** Answers that Loki is ready, as Vector and others ask. A token that comes with the question is checked. */
export const lokiReady = new Hono<App>()
lokiReady.get('/', async (c) => {
  if (c.req.header('Authorization') !== undefined) await grantOf(c)
  return c.text('ready\n')
})

const label: Message = { 1: { name: 'name', kind: 'text' }, 2: { name: 'value', kind: 'text' } }
const timestamp: Message = { 1: { name: 'seconds', kind: 'varint' }, 2: { name: 'nanos', kind: 'varint' } }
const entry: Message = {
  1: { name: 'timestamp', kind: () => timestamp },
  2: { name: 'line', kind: 'text' },
  3: { name: 'metadata', kind: () => label, isList: true }
}
const stream: Message = {
  1: { name: 'labels', kind: 'text' },
  2: { name: 'entries', kind: () => entry, isList: true }
}
const push: Message = { 1: { name: 'streams', kind: () => stream, isList: true } }

/** The push as its JSON has it. */
const readPush: Reader = (body, limits) => {
  const { streams } = readProtobuf(unsnap(body, mostDecoded), push, limits)
  const names = new Set<string>()
  const labelsOf = (pairs: [string, string][]) => {
    for (const [name] of pairs) names.add(name)
    if (names.size > limits.names) throw new TooMany('names', limits.names)
    return Object.fromEntries(pairs)
  }
  const pushed = listOf(streams).map(({ labels, entries }) => ({
    stream: labelsOf(parseLabels(String(labels ?? ''))),
    values: listOf(entries).map(({ timestamp, line = '', metadata }) => [
      nanosecondsOf(timestamp),
      line,
      labelsOf(listOf(metadata).map(({ name, value = '' }) => [String(name), String(value)]))
    ])
  }))
  return [{ records: [{ streams: pushed }], isDamaged: true }]
}

function listOf(value: unknown) {
  return Array.isArray(value) ? value.filter(isFields) : []
}

function nanosecondsOf(timestamp: unknown): number | undefined {
  if (!isFields(timestamp)) return undefined
  return Number(timestamp.seconds ?? 0) * 1e9 + Number(timestamp.nanos ?? 0)
}

/** Labels of a stream as Loki spells them: `{job="nginx", host="web1"}`. */
function parseLabels(text: string): [string, string][] {
  return [...text.matchAll(/([\w.:-]+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [
    name!,
    value!.replace(/\\(["\\])/g, '$1')
  ])
}
