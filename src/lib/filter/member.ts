/**
 * A field without a column, as `extra` keeps it: `extra.upstream`, or `extra.headers.via` inside an object. Of a key, what
 * is no letter, digit or one of `_@:/-` is percent-encoded, so that the name is safe wherever names go: `extra.odd%20key`.
 */
export type Member = `extra.${string}`

const safe = /[\p{L}\p{N}_@:/-]/u
const name = /^extra\.((?:[\p{L}\p{N}_@:/-]|%[\dA-F]{2})+(?:\.(?:[\p{L}\p{N}_@:/-]|%[\dA-F]{2})+){0,3})$/u
const longest = 200

const escaped = (character: string) =>
  encodeURIComponent(character).replace(/[^%]|%../g, (part) =>
    part.length > 1 ? part : `%${part.charCodeAt(0).toString(16).toUpperCase()}`
  )

/** A key with its dots encoded, too. Throws for half a surrogate pair. */
export const encoded = (key: string) =>
  Array.from(key, (character) => (safe.test(character) ? character : escaped(character))).join('')

export const keysOf = (member: string): string[] => member.split('.').slice(1).map(decodeURIComponent)

export function isMember(text: string): text is Member {
  if (text.length > longest || !name.test(text)) return false
  if (!text.includes('%')) return true
  try {
    return `extra.${keysOf(text).map(encoded).join('.')}` === text
  } catch {
    return false
  }
}

/** The name of a member as its log has it: `odd key` for `extra.odd%20key`. */
export const keyOf = (member: Member): string => keysOf(member).join('.')
