import type { Range } from '#lib/schema/manifest.ts'

/** The same positions as `ranges`, ascending, with neighbours joined. */
export function union(ranges: Range[]): Range[] {
  const joined: Range[] = []
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    if (last && range.from <= last.to) last.to = Math.max(last.to, range.to)
    else joined.push({ ...range })
  }
  return joined
}
