const utf8 = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })

const errors = Error as { stackTraceLimit?: number }

/**
 * The value of a JSON text; undefined if it is none. Escapes that make a string no text (NUL, lone surrogates) are replaced.
 */
export function parseJson(text: string): unknown {
  const limit = errors.stackTraceLimit
  // A stack for each of many bad lines costs more than the line.
  errors.stackTraceLimit = 0
  try {
    return JSON.parse(replaceEscapes(text))
  } catch {
    return undefined
  } finally {
    errors.stackTraceLimit = limit
  }
}

/** Before an escape that no backslash escapes. */
const free = String.raw`(?:^|[^\\])(?:\\\\)*`
const head = String.raw`\\ud[89ab][0-9a-f]{2}`
const tail = String.raw`\\ud[c-f][0-9a-f]{2}`
const nul = new RegExp(String.raw`(?<=${free})\\u0000`, 'g')
const lone = new RegExp(`(?<=${free})(?:${head}(?!${tail})|(?<!${free}${head})${tail})`, 'gi')

function replaceEscapes(text: string): string {
  if (!text.includes('\\u')) return text
  const clean = text.includes('\\u0000') ? text.replace(nul, '\\u2400') : text
  return /\\ud[89a-f]/i.test(clean) ? clean.replace(lone, '\\ufffd') : clean
}

/** The value of a JSON text, and whether it had to be repaired first; undefined if it is beyond that. */
export function parseRepaired(text: string): { value: unknown; repaired: boolean } | undefined {
  const decoded = text.includes('\\x') ? decodeBytes(text) : text
  const value = parseJson(decoded)
  if (value !== undefined) return { value, repaired: decoded !== text }
  const filled = fillBare(decoded)
  const repaired = filled === decoded ? undefined : parseJson(filled)
  return repaired === undefined ? undefined : { value: repaired, repaired: true }
}

/** `\xHH` stands for a byte of UTF-8: nginx's default escaping writes it, JSON has it not. */
function decodeBytes(text: string): string {
  return text.replace(/(?:\\x[0-9a-f]{2})+|\\[^]/gi, (run) =>
    run.length < 4 ? run : JSON.stringify(decodeEscapes(run)).slice(1, -1)
  )
}

/** The values that variables outside of quotes leave: nothing behind the colon, a bare `-`, a list, an address. */
function fillBare(text: string): string {
  return text.replace(
    // A string that is not closed ends the search: begun again at each escaped quote, it would take a line's length squared.
    /("(?:[^"\\]|\\[^])*(?:"|\\?$))([^"]*)/g,
    (_, string: string, rest: string) => string + repairBare(rest)
  )
}

/** A dash, numbers, addresses, and lists of them: what variables of a server hold. Other words are no values. */
const bareValue = /^(?:-|[\d-][\d.,:\s-]*|[\da-f]*:[\da-f:.,\s]+|)$/i
const number = /^-?\d+(?:\.\d+)?$/

/** What stands between two strings: `: -, ` becomes `: null, `. No regular expression with two ways to match a run. */
function repairBare(rest: string): string {
  if (rest === ':' || rest === ',') return rest
  const start = /^\s*:\s*/.exec(rest)?.[0].length ?? 0
  const bracket = rest.slice(start).search(/[{}[\]]/)
  const end = bracket < 0 ? rest.length : start + bracket
  const held = rest.slice(start, end).trimEnd()
  const value = held.endsWith(',') ? held.slice(0, -1).trimEnd() : held
  const isClosed = held.endsWith(',') || rest[end] === '}' || rest[end] === ']'
  const isRepaired = start > 0 && isClosed && bareValue.test(value) && !number.test(value)
  const bare = value === '' || value === '-' ? 'null' : JSON.stringify(value)
  const told = isRepaired ? rest.slice(0, start) + bare + rest.slice(start + value.length) : rest
  // Across lines it would join what belongs to several records.
  return told.includes('\n') ? told : told.replace(/,(\s*[}\]])/g, '$1')
}

/** The text of a run of `\xHH`, which are bytes of UTF-8. */
export function decodeEscapes(run: string): string {
  if (run.length === 4) {
    const code = parseInt(run.slice(2), 16)
    if (code > 0 && code < 0x80) return String.fromCharCode(code)
  }
  const bytes = new Uint8Array(run.length / 4)
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(run.slice(i * 4 + 2, i * 4 + 4), 16)
  return utf8.decode(bytes).replaceAll('\0', '\u2400')
}

const containers = 32

/**
 * Where the JSON object at `start` ends (exclusive), or minus the place where it stopped being JSON. Looks at
 * structure only; it gives up early, so that what follows a broken object is found again.
 */
export function endOfObject(text: string, start: number): number {
  const isList = new Uint8Array(containers)
  let depth = 0
  let before = 0x3a
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) continue
    if (code === 0x22) {
      if (before === 0x22 || before === 0x7d || before === 0x5d) return -i
      i = endOfString(text, i)
      if (i < 0) return i
    } else if (code === 0x7b || code === 0x5b) {
      const opens = before === 0x3a || before === 0x5b || (before === 0x2c && isList[depth] === 1)
      if (!opens || ++depth === containers) return -i
      isList[depth] = code === 0x5b ? 1 : 0
    } else if (code === 0x7d || code === 0x5d) {
      if (isList[depth] !== (code === 0x5d ? 1 : 0)) return -i
      if (--depth === 0) return i + 1
    } else if (code !== 0x2c && code !== 0x3a && !isBare(code)) return -i
    before = code
  }
  return -text.length
}

/** The closing quote of the string opened at `start`, or minus the place where a line ends first. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x22) return i
    if (code === 0x5c) i++
    else if (code === 0x0a) return -i
  }
  return -text.length
}

/** What numbers, `true`, `false` and `null` are spelled with. */
function isBare(code: number): boolean {
  if (code >= 0x30 && code <= 0x39) return true
  if (code === 0x2b || code === 0x2d || code === 0x2e || code === 0x45) return true
  return code >= 0x61 && code <= 0x75
}
