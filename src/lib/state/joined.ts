import { longestName, type Named } from '#lib/schema/named.ts'

export const byName = <Item extends Named>(list: readonly Item[]) =>
  list.toSorted((a, b) => a.name.localeCompare(b.name))

const isSame = (a: Named, b: Named) =>
  JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort())

/** Both lists. If they have different things under one name, the second gets a name of its own. */
export function joined<Item extends Named>(list: readonly Item[], more: readonly Item[]): readonly Item[] {
  return more.reduce((all, item) => {
    if (all.some((one) => isSame(one, item))) return all
    return byName([...all, { ...item, name: freeName(item.name, all) }])
  }, list)
}

/** The name, or the name with the first number that makes it one of its own. */
export function freeName(name: string, taken: readonly Named[]): string {
  const isTaken = (other: string) => taken.some((one) => one.name === other)
  for (let other = name, number = 2; ; number++) {
    if (!isTaken(other)) return other
    const suffix = ` (${number})`
    other = name.slice(0, longestName - suffix.length) + suffix
  }
}
