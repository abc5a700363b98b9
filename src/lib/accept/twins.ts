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

/** `hasTwins` of a text with a value a line. Most spell as many names as the values have, and no line is looked at. */
export function haveTwins(text: string, values: readonly unknown[]): boolean {
  const keys = keysIn(values, levels + 1)
  if (isEven(text, keys)) return false
  let start = 0
  return values.some((value) => {
    const newline = text.indexOf('\n', start)
    const line = text.slice(start, newline < 0 ? text.length : newline)
    start += line.length + 1
    return hasTwins(line, value)
  })
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
