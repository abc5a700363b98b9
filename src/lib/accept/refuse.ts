import type { AcceptedHit } from '#lib/schema/hit.ts'
import { longestLine } from './body.ts'
import type { Fields } from './fields.ts'
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
  const names = Object.keys(record).slice(0, 8).join(', ')
  return new Refused(
    'shape',
    names === '' ? 'record is empty' : `record has no request in its keys: ${head(names)}`
  )
}

/** `isElement`: the text is an element of a list of JSON, and `isCut`: the last line, without its end. */
export function refuseText(
  text: string,
  { isElement, isCut }: { isElement: boolean; isCut: boolean }
): Refused {
  if (isElement || isScalar(text))
    return new Refused('not_a_record', `record is neither an object nor a line: ${head(text)}`)
  if (isCut) return new Refused('truncated_line', `${broken.truncated_line}: ${head(text)}`)
  return new Refused('line', `line is no access log: ${head(text)}`)
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
  json: 'text is no JSON',
  truncated_line: 'last line is cut off',
  too_deep: `record is nested deeper than ${deepest} levels`,
  msgpack: 'MessagePack breaks off or breaks its rules from here on',
  line_too_long: `line has more than ${longestLine} characters`
}
