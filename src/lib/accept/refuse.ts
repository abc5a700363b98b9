import type { AcceptedHit } from '#lib/schema/hit.ts'
import { longestLine } from './body.ts'
import { isFields, type Fields } from './fields.ts'
import { deepest, isShallow } from './formats/names.ts'
import { Refused, type Reason } from './refused.ts'

/** How deep a record may be wrapped in others. */
export const wrappings = 2

/** Only a record that had to be cut can be too long; measuring every one would cost more than reading it. */
export function refuseLong(hit: AcceptedHit, record: Fields): void {
  if (!hit.flags!.split(',').includes('cut')) return
  const { length } = spell(record)
  if (length > longestLine)
    throw new Refused('line_too_long', `record has ${length} characters, more than ${longestLine}`)
}

export function refuseDeep(): Refused {
  return new Refused('too_deep', `record is wrapped more than ${wrappings} times`)
}

export function refuseValue(value: unknown): Refused {
  if (Array.isArray(value)) return refuseDeep()
  return new Refused('not_a_record', `record is neither an object nor a line: ${head(String(value))}`)
}

export function refuseFields(record: Fields): Refused {
  if (!isShallow(record, deepest))
    return new Refused('too_deep', `record is nested deeper than ${deepest} levels`)
  const names = keysOf(record)
  return new Refused(
    'shape',
    names === '' ? 'record is empty' : `record has no request in its keys: ${names}`
  )
}

/** Of a record that a program logged about itself: its text is no line either. */
export function refuseCarrier(record: Fields, text: string): Refused {
  return new Refused(
    'shape',
    `record has no request in its keys, and its text is not an access log line. Its keys: ${keysOf(record)}. Its text: ${head(text)}`
  )
}

const levels = ['level', 'levelname', 'level_name', 'log.level', 'loglevel', 'lvl']

/** Whether a program logged a record about itself: with a level, which no access log has. */
export const isProgramLog = (record: Fields): boolean => levels.some((name) => record[name] !== undefined)

const keysBefore = '. Its keys: '

/** A refusal that lists keys, with those that were sent instead of those that a format made of them. */
export function withKeysOf(record: Fields, refused: Refused): Refused {
  const [why, keys] = refused.message.split(keysBefore)
  return keys === undefined ? refused : new Refused(refused.reason, `${why}${keysBefore}${keysOf(record)}`)
}

/** The first keys of a record, those inside of others too: `res.statusCode`. */
function keysOf(record: Fields): string {
  const keys = Object.entries(record).flatMap(([key, value]) => {
    const inner = isFields(value) ? Object.keys(value) : []
    return inner.length > 0 ? inner.map((name) => `${key}.${name}`) : [key]
  })
  return head(keys.slice(0, 12).join(', '))
}

/** `isElement`: the text is an element of a list of JSON, and `isCut`: the last line, without its end. */
export function refuseText(
  text: string,
  { isElement, isCut }: { isElement: boolean; isCut: boolean }
): Refused {
  if (isElement || isScalar(text))
    return new Refused('not_a_record', `record is neither an object nor a line: ${head(text)}`)
  if (isCut) return new Refused('truncated_line', `${broken.truncated_line}: ${head(text)}`)
  return new Refused('line', `line is not an access log line: ${head(text)}`)
}

/** Of a line whose rest is a line of its own. */
export function refusePart(text: string): Refused {
  return new Refused(
    'truncated_line',
    `the container runtime split this line, and it came unjoined: ${head(text)}`
  )
}

function isScalar(text: string): boolean {
  return /^(?:null|true|false|-?\d[\d.eE+-]*|"[^"]*")$/.test(text)
}

export function head(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`
}

/** JSON of a value; nothing where it nests deeper than the stack. */
export function spell(value: unknown): string {
  if (typeof value === 'string') return value
  try {
    return JSON.stringify(value) ?? ''
  } catch {
    return ''
  }
}

export const broken: Partial<Record<Reason, string>> = {
  json: 'text is not JSON',
  truncated_line: 'last line is cut off',
  truncated_list: 'list has no end, so records behind its last one may be missing',
  too_deep: `record is nested deeper than ${deepest} levels`,
  msgpack: 'MessagePack breaks off or breaks its rules from here on',
  line_too_long: `line has more than ${longestLine} characters`
}
