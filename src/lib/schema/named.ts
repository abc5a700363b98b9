/** Something that a site keeps under a name. */
export interface Named {
  readonly name: string
}

/** What a list of named things may hold at most; a name has up to `longestName` characters. */
interface Bounds {
  readonly items: number
  /** Characters of all that is not a name. */
  readonly text: number
}

export const longestName = 80

/** Whether a value is a list of named things within its bounds, each name once. `textOf` gives null for what is none. */
export const isNamedList = (
  value: unknown,
  { items, text }: Bounds,
  textOf: (item: Record<string, unknown>) => string | null
): boolean => {
  if (!Array.isArray(value) || value.length > items) return false
  const texts = value.map((item: unknown) => (isNamed(item) ? textOf({ ...item }) : null))
  return (
    texts.every((one) => one !== null) &&
    texts.join('').length <= text &&
    new Set(value.map(({ name }: Named) => name)).size === value.length
  )
}

function isNamed(value: unknown): value is Named {
  const { name } = (value ?? {}) as { name?: unknown }
  return typeof name === 'string' && name.trim() !== '' && name.length <= longestName
}
