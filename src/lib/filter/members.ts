import { encoded, isMember, keysOf, type Member } from './member.ts'

/** The member of keys inside each other; null where its name would be too long. */
function memberOf(keys: readonly string[]): Member | null {
  try {
    const parts = keys.map(encoded)
    // As it is written in most logs. More dots would be too many places to look.
    const plain = `extra.${parts.join('.').replaceAll('%2E', '.')}`
    const found = isMember(plain) ? plain : `extra.${parts.join('.')}`
    return isMember(found) ? found : null
  } catch {
    return null
  }
}

/** The member that a text names as people write it, such as `extra.odd key`; null if it names none. */
export const memberNamed = (text: string): Member | null =>
  isMember(text) ? text : text.startsWith('extra.') ? memberOf([text.slice('extra.'.length)]) : null

/** What an `extra` holds, in its order. `member` is null where no name can be asked for. */
export function valuesOf(extra: string): { member: Member | null; key: string; value: unknown }[] {
  const found: { member: Member | null; key: string; value: unknown }[] = []
  const walk = (object: object, before: readonly string[]) => {
    for (const [key, value] of Object.entries(object) as [string, unknown][]) {
      const keys = [...before, key]
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) walk(value, keys)
      else found.push({ member: memberOf(keys), key: keys.join('.'), value })
    }
  }
  walk(JSON.parse(extra) as object, [])
  return found
}

/** The members of many, the most frequent first, and how many keys there are for which no name can be asked. */
export function tallyOf(extras: readonly string[]): { members: Member[]; unnamed: number } {
  const counts = new Map<Member, number>()
  const unnamed = new Set<string>()
  for (const { member, key } of extras.flatMap(valuesOf)) {
    if (member) counts.set(member, (counts.get(member) ?? 0) + 1)
    else unnamed.add(key)
  }
  const members = [...counts].sort(([, a], [, b]) => b - a).map(([member]) => member)
  return { members, unnamed: unnamed.size }
}

/** The members of an `extra` whose names can be asked for. */
export const membersOf = (extra: string): Member[] => valuesOf(extra).flatMap(({ member }) => member ?? [])

/** The value of a member in an `extra` that is parsed; undefined where there is none. */
export const valueIn = (extra: unknown, member: Member): unknown => find(extra, keysOf(member))

/** The same as a text, as filters and lists have it; null where there is none. */
export function textIn(extra: unknown, member: Member): string | null {
  const value = valueIn(extra, member) ?? null
  return typeof value === 'string' || value === null ? value : JSON.stringify(value)
}

/** `a.b` is the member `a.b` or, if there is none, `b` of the object `a`. */
function find(object: unknown, keys: readonly string[]): unknown {
  if (typeof object !== 'object' || object === null) return undefined
  const [whole, first] = [keys.join('.'), keys[0]!]
  if (Object.hasOwn(object, whole)) return (object as Record<string, unknown>)[whole]
  if (keys.length < 2 || !Object.hasOwn(object, first)) return undefined
  return find((object as Record<string, unknown>)[first], keys.slice(1))
}
