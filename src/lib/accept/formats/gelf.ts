import type { Fields } from '../fields.ts'
import type { Format } from './format.ts'
import { nginx, readNames } from './names.ts'

/** Graylog's format: fields beside those of GELF itself begin with `_`, here nginx's variables. */
export const gelf: Format<Fields> = {
  name: 'gelf',
  matches: (record) => record.short_message !== undefined && nginx.matches(withoutMarks(record)),
  read(hit, record, source) {
    const { short_message, full_message, host, level, version, timestamp, ...marked } = record
    readNames(
      hit,
      { time: timestamp, hostname: host, request: short_message, ...withoutMarks(marked) },
      source
    )
  }
}

function withoutMarks(record: Fields): Fields {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name.replace(/^_/, ''), value]))
}
