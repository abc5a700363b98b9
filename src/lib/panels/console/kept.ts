/** A list in this browser's storage; empty if there is none, or if it can't be read. */
export function readKept<Item>(key: string, isItem: (value: unknown) => value is Item): Item[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(kept) ? kept.filter(isItem) : []
  } catch {
    return []
  }
}

/** Keeps a list, or as much of its beginning as there is room for. */
export function keep(key: string, items: readonly unknown[]): void {
  for (let length = items.length; ; length = Math.floor(length / 2)) {
    try {
      return localStorage.setItem(key, JSON.stringify(items.slice(0, length)))
    } catch {
      if (!length) return
    }
  }
}
