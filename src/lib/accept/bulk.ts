import { longestLine, measureWithin, Piece, stateOf, type Stretch } from './body.ts'
import { isFields } from './fields.ts'
import { parseJson, parseRepaired } from './json.ts'
import { TooMany, type Limits } from './limits.ts'

/** What a line of Elasticsearch's `_bulk` says of the record behind it. */
export interface Action {
  name: 'create' | 'index' | 'update' | 'delete'
  /** The id that the sender gave. */
  id?: string
  /** The place of its record in the body; null where none follows. */
  record: number | null
}

const stretch = 1_000
const utf8 = new TextDecoder()

/**
 * Reads a body of `_bulk`: a line of JSON for the action, a line for the record. Each action is added to `actions`. A
 * line in the place of an action that is none is a record.
 */
export function* readBulk(body: Uint8Array, limits: Limits, actions: Action[]): Generator<Stretch> {
  measureWithin(body, limits)
  const text = utf8.decode(body).replaceAll('\0', '␀')
  const isDamaged = /\ufffd|\\[ux]/.test(text)
  let records: unknown[] = []
  let count = 0
  let open: { text: string; action: Omit<Action, 'record'> } | null = null
  for (const line of linesOf(text)) {
    if (actions.length > limits.records) throw new TooMany('records', limits.records)
    const action = actionOf(line)
    if (action === null) {
      actions.push({ ...(open?.action ?? { name: 'index' }), record: count++ })
      records.push(readRecord(line))
      open = null
    } else {
      if (open !== null) actions.push({ ...open.action, record: null })
      open = action.name === 'delete' ? null : { text: line, action }
      if (open === null) actions.push({ ...action, record: null })
    }
    if (records.length < stretch) continue
    yield { records, isDamaged }
    records = []
  }
  if (open !== null) {
    actions.push({ ...open.action, record: count })
    records.push(new Piece(open.text, undefined, 'truncated_line'))
  }
  yield { records, isDamaged }
}

function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    const line = text.slice(start, end).trim()
    if (line !== '') yield line
    start = end + 1
  }
}

function actionOf(line: string): Omit<Action, 'record'> | null {
  const name = /^\{\s*"(create|index|update|delete)"/.exec(line)?.[1] as Action['name'] | undefined
  const value = name === undefined ? undefined : parseJson(line)
  if (name === undefined || !isFields(value) || Object.keys(value).length > 1) return null
  const about = value[name]
  if (!isFields(about)) return null
  return typeof about._id === 'string' ? { name, id: about._id } : { name }
}

function readRecord(line: string): unknown {
  if (line.length > longestLine) return new Piece(line, undefined, 'line_too_long')
  const parsed = parseRepaired(line)
  if (parsed === undefined) return new Piece(line, undefined, 'json')
  return new Piece(line, parsed.value, stateOf(line, parsed))
}
