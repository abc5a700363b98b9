import { emptyRecord, isFields, type Fields } from '../fields.ts'
import { meaningOf } from '../formats/meanings.ts'
import { hasTwins } from '../twins.ts'
import { FormatError, type Part } from './template.ts'
import { inOurUnits } from './units.ts'

/** Which keys of a record hold which fields; a key inside another object has a dot before it: `client.address`. */
type Mapping = readonly { name: string; key: string }[]

/** What `inOurUnits` turns into a name that `names.ts` knows. */
const inUnits = ['duration_us', 'duration_ns', 'clock']
/** A column that `names.ts` knows by another name. */
const columns = new Map([['upstream_duration', 'upstream_service_time']])

/** Reads `{"column": "key"}`. */
export function readMapping(text: string): Mapping {
  const value = parse(text)
  if (hasTwins(text.trim(), value)) throw new FormatError('The format names a column twice.')
  const seen = new Map<string, string>()
  return Object.entries(value).map(([column, key]) => {
    const name = columns.get(column) ?? column
    const meaning = inUnits.includes(name) ? name : meaningOf(name)
    if (meaning === undefined) throw new FormatError(`There is no column ${column}.`)
    if (typeof key !== 'string' || key === '')
      throw new FormatError(`${column} wants the name of a key in quotes.`)
    const other = seen.get(meaning)
    if (other !== undefined) throw new FormatError(`${other} and ${column} are the same column: keep one.`)
    seen.set(meaning, column)
    return { name, key }
  })
}

/** The mapping of a format that writes JSON, as `{"klient":"$remote_addr"}`; null if the format writes none. */
export function mappingOf(parts: readonly Part[]): Mapping | null {
  const [first] = parts
  if (first === undefined || !('text' in first) || !/^\s*\{\s*"/.test(first.text)) return null
  const mapping = keysOf(parse(withMarks(parts)), '')
  if (mapping.length === 0) throw new FormatError('The format names no field.')
  return mapping
}

const mark = '\u0001'

/** The JSON of the format with a marked name for each field. */
function withMarks(parts: readonly Part[]): string {
  let [json, quotes] = ['', 0]
  for (const part of parts) {
    const quote = quotes % 2 === 0 ? '"' : ''
    if ('field' in part) json += `${quote}\\u0001${part.field ?? ''}${quote}`
    else {
      json += part.text
      quotes += part.text.replace(/\\[^]/g, '').split('"').length - 1
    }
  }
  return json
}

/** A value made of several fields cannot be read as one of them. */
function keysOf(value: Fields, path: string): Mapping {
  return Object.entries(value).flatMap(([key, inner]) => {
    if (isFields(inner)) return keysOf(inner, `${path}${key}.`)
    const isField = typeof inner === 'string' && inner.lastIndexOf(mark) === 0 && /^.\w+$/.test(inner)
    return isField ? [{ name: inner.slice(1), key: path + key }] : []
  })
}

function parse(text: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The message below says it.
  }
  if (!isFields(value)) throw new FormatError('The format begins with { but is not a JSON object.')
  if (Object.keys(value).length === 0) throw new FormatError('The format names no column.')
  return value
}

/** Reads a record by a mapping; null if the record has none of its keys. */
export const recordBy = (mapping: Mapping) => (record: Fields) =>
  fits(mapping, record) ? renamed(mapping, record) : null

/** Whether a record has the mapping's keys of target, request and status or, if it maps none of these, any of its keys. */
function fits(mapping: Mapping, record: Fields): boolean {
  const isCore = ({ name }: { name: string }) => core.has(meaningOf(name) ?? '')
  const isThere = ({ key }: { key: string }) => valueAt(record, key) !== undefined
  const needed = mapping.filter(isCore)
  return needed.length === 0 ? mapping.some(isThere) : needed.every(isThere)
}

const core = new Set(['target', 'request', 'status'])

/** The record with the names of the mapping. Another key that means the same as one of these gets `_x` behind it. */
function renamed(mapping: Mapping, record: Fields): Fields {
  const meanings = new Set(mapping.map(({ name }) => meaningOf(name)))
  const found = emptyRecord()
  let rest = record
  for (const { name, key } of mapping) {
    const value = valueAt(record, key)
    if (value === undefined || name in found) continue
    found[name] = value
    rest = withoutKey(rest, key)
  }
  const fields = Object.assign(emptyRecord(), inOurUnits(found))
  for (const [key, value] of Object.entries(rest)) {
    const meaning = meaningOf(key)
    fields[meaning !== undefined && meanings.has(meaning) ? `${key}_x` : key] = value
  }
  return fields
}

/** A key may have dots itself. */
function valueAt(record: Fields, key: string): unknown {
  if (Object.hasOwn(record, key)) return record[key]
  const dot = key.indexOf('.')
  const inner = dot < 0 ? undefined : record[key.slice(0, dot)]
  return isFields(inner) ? valueAt(inner, key.slice(dot + 1)) : undefined
}

/** A copy of the record without the value at a key, and without objects that have nothing else. */
function withoutKey(record: Fields, key: string): Fields {
  const { [key]: taken, ...rest } = record
  if (taken !== undefined) return rest
  const dot = key.indexOf('.')
  const outer = key.slice(0, dot)
  const inner = withoutKey(record[outer] as Fields, key.slice(dot + 1))
  if (Object.keys(inner).length > 0) return { ...rest, [outer]: inner }
  return Object.fromEntries(Object.entries(rest).filter(([name]) => name !== outer))
}
