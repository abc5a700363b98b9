const levels = 8

/**
 * Whether some object of a JSON text names a member twice: `JSON.parse` keeps the last and says nothing. The text
 * spells more names than the value has; a quote inside a string is escaped, so what is counted is a name.
 */
export function hasTwins(text: string, value: unknown): boolean {
  const named = count(text, '":') + count(text, '" :')
  return named > 0 && named > keysIn(value, levels)
}

function count(text: string, end: string): number {
  let found = 0
  for (let at = text.indexOf(end); at >= 0; at = text.indexOf(end, at + 2))
    if (text.charCodeAt(at - 1) !== 0x5c) found++
  return found
}

/** Names of a value's members at any depth; endless where it nests too deep to be counted. */
function keysIn(value: unknown, deepest: number): number {
  if (typeof value !== 'object' || value === null) return 0
  if (deepest === 0) return Infinity
  let keys = Array.isArray(value) ? 0 : Object.keys(value).length
  for (const name in value) {
    const inner = (value as Record<string, unknown>)[name]
    if (typeof inner === 'object') keys += keysIn(inner, deepest - 1)
  }
  return keys
}
