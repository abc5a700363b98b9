const levels = 8

/**
 * Whether some object of a JSON text names a member twice: `JSON.parse` keeps the last and says nothing. The text
 * spells more names than the value has. What is counted is a quote before a colon, unless by what stands before it the
 * quote is escaped or opens a string: then it is no name's. A few odd names are missed, none is made up.
 */
export function hasTwins(text: string, value: unknown): boolean {
  const keys = keysIn(value, levels)
  if (isEven(text, keys)) return false
  return count(text, '":') + count(text, '" :') > keys
}

/**
 * `hasTwins` of a text with a value a line, without a look at most lines: they are as short as they can be, or spell as
 * many names as the values have.
 */
export function haveTwins(text: string, values: readonly unknown[]): boolean {
  const isShort = text.indexOf('\n') === shortest(values[0], levels)
  if (!isShort && isEven(text, keysIn(values, levels + 1))) return false
  let start = 0
  return values.some((value) => {
    const newline = text.indexOf('\n', start)
    const [from, to] = [start, newline < 0 ? text.length : newline]
    start = to + 1
    return to - from !== shortest(value, levels) && hasTwins(text.slice(from, to), value)
  })
}

/** A number that an exponent says in fewer characters. */
const isLong = /000$|e|^-?0\.00/

/** The least that JSON of a value may be long: a text that has no more characters spells no name twice. */
function shortest(value: unknown, deepest: number): number {
  if (typeof value === 'string') return value.length + 2
  if (typeof value === 'number' && isLong.test(String(value))) return 1
  if (typeof value !== 'object' || value === null) return String(value).length
  if (deepest === 0) return 0
  const isList = Array.isArray(value)
  let length = 1
  for (const name in value) {
    const inner = (value as Record<string, unknown>)[name]
    const own = typeof inner === 'string' ? inner.length + 2 : shortest(inner, deepest - 1)
    length += own + (isList ? 1 : name.length + 4)
  }
  return length
}

/** Whether as many quotes stand before a colon as the values have names, which all are spelled so. */
function isEven(text: string, keys: number): boolean {
  if (text.includes('" :')) return false
  let found = 0
  for (let at = text.indexOf('":'); at >= 0 && found <= keys; at = text.indexOf('":', at + 2)) found++
  return found === keys
}

function count(text: string, end: string): number {
  let found = 0
  for (let at = text.indexOf(end); at >= 0; at = text.indexOf(end, at + 2))
    if (!beforeNoName.includes(text[at - 1]!)) found++
  return found
}

const beforeNoName = '\\:,[{ \t\r\n'

/** Names of a value's members at any depth; endless where it nests too deep to be counted. */
function keysIn(value: unknown, deepest: number): number {
  if (typeof value !== 'object' || value === null) return 0
  if (deepest === 0) return Infinity
  const isList = Array.isArray(value)
  const members: unknown[] = isList ? value : Object.values(value)
  let keys = isList ? 0 : members.length
  for (const member of members) if (typeof member === 'object') keys += keysIn(member, deepest - 1)
  return keys
}
