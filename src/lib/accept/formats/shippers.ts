import { readAddress } from '../address.ts'
import { readText, type Fields } from '../fields.ts'
import type { Format } from './format.ts'
import { readNames } from './names.ts'

/** Vector's `parse_nginx_log`: `host` is the machine. */
export const vector: Format<Fields> = {
  name: 'vector',
  matches: (record) =>
    record.source_type !== undefined && record.client !== undefined && record.request !== undefined,
  read(hit, { host, ...record }, source) {
    readNames(hit, { ...record, hostname: host }, source)
  }
}

/** Fluent Bit's parsers: in that of nginx `host` is the ident of the line, in that of apache2 it is the client. */
export const fluentBit: Format<Fields> = {
  name: 'fluent-bit',
  matches: (record) =>
    record.code !== undefined &&
    (record.remote !== undefined || readAddress(readText(record.host) ?? '') !== null),
  read(hit, { host, ...record }, source) {
    readNames(
      hit,
      record.remote === undefined ? { ...record, remote: host } : { ...record, ident: host },
      source
    )
  }
}
