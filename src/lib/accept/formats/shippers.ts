import { readAddress } from '../address.ts'
import { isClientName } from '../client.ts'
import { readText, type Fields } from '../fields.ts'
import type { Format } from './format.ts'
import { readNames } from './names.ts'

/** Vector's parsers: in a record of `parse_nginx_log` `host` is the machine, in one of `parse_apache_log` the client. */
export const vector: Format<Fields> = {
  name: 'vector',
  matches: (record) =>
    (record.source_type !== undefined && record.client !== undefined && record.request !== undefined) ||
    isVectorApache(record),
  read(hit, { host, ...record }, source) {
    const { identity: ident, ...others } = record
    if (isVectorApache({ host, ...record })) readNames(hit, { ...others, remote: host, ident }, source)
    else readNames(hit, { ...record, hostname: host }, source)
  }
}

const apacheNames = ['timestamp', 'method', 'path', 'protocol', 'status']

/** It names the parts of the line so, and no other client. */
function isVectorApache(record: Fields): boolean {
  return (
    apacheNames.every((name) => record[name] !== undefined) &&
    !others.some((name) => record[name] !== undefined) &&
    readAddress(readText(record.host) ?? '') !== null
  )
}

/** Fluent Bit's parsers: in that of nginx `host` is the ident of the line, in that of apache2 it is the client. */
export const fluentBit: Format<Fields> = {
  name: 'fluent-bit',
  matches: (record) =>
    record.code !== undefined &&
    (record.remote !== undefined || isClient(readText(record.host) ?? '', record)),
  read(hit, { host, ...record }, source) {
    const client = record.remote === undefined ? { remote: host } : { ident: host }
    readNames(hit, { ...record, ...client, ...lineWithoutTarget(record) }, source)
  }
}

/** Of a request line without a target, such as TLS on port 80, the parsers find only a method. */
function lineWithoutTarget({ method, path, size }: Fields): Fields {
  return path == null && size !== undefined && method !== undefined
    ? { request: method, method: undefined }
    : {}
}

/** The parser of apache2 has the user beside the client, and no other name for it. */
function isClient(host: string, record: Fields): boolean {
  if (readAddress(host) !== null) return true
  return (
    isClientName(host) &&
    record.user !== undefined &&
    record.size !== undefined &&
    !others.some((name) => record[name] !== undefined)
  )
}

/**
 * Logstash's `COMBINEDAPACHELOG`: `host` is the machine, and quotes stay around the referrer and the agent. What is no
 * request line is `rawrequest`.
 */
export const grok: Format<Fields> = {
  name: 'grok',
  matches: (record) =>
    record.clientip !== undefined &&
    record.response !== undefined &&
    (record.verb ?? record.httpversion ?? record.rawrequest) !== undefined,
  read(hit, { host, request, rawrequest, response, httpversion, auth, referrer, agent, ...record }, source) {
    const fields = {
      ...record,
      hostname: host,
      request: rawrequest,
      request_uri: request,
      status: response,
      protocol: httpversion
    }
    const quoted = { referrer: withoutQuotes(referrer), agent: withoutQuotes(agent) }
    readNames(hit, { ...fields, ...quoted, remote_user: auth }, source)
  }
}

function withoutQuotes(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/^"(.*)"$/, '$1') : value
}

const others = ['ip', 'client', 'client_ip', 'remote', 'remote_ip', 'remote_addr', 'x_forwarded_for']
