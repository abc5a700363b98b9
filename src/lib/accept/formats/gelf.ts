import type { Fields } from '../fields.ts'
import type { Format } from './format.ts'
import { nginx } from './generic.ts'
import { readNames, without } from './names.ts'

/** Graylog's format: fields beside those of GELF itself begin with `_`, here nginx's variables. */
export const gelf: Format<Fields> = {
  name: 'gelf',
  matches: (record) => record.short_message !== undefined && nginx.matches(withoutMarks(record)),
  read(hit, record, source) {
    const { timestamp, host, short_message } = record
    const known = { time: timestamp, hostname: host, request: short_message }
    const own = 'short_message full_message host level version timestamp'
    readNames(hit, { ...known, ...withoutMarks(without(record, own)) }, source)
  }
}

function withoutMarks(record: Fields): Fields {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name.replace(/^_/, ''), value]))
}
