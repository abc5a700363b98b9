const keyOf = (site: string) => `loggia.fields.${site}`
const byDefault: readonly string[] = ['status']

/** The names of the fields that were left open on this site. */
export function openOf(site: string): readonly string[] {
  try {
    const left: unknown = JSON.parse(localStorage.getItem(keyOf(site)) ?? 'null')
    return Array.isArray(left) ? left.filter((name) => typeof name === 'string') : byDefault
  } catch {
    return byDefault
  }
}

/** Opens a field or closes it, and keeps that for the site. Returns those that are open then. */
export function toggleOpen(site: string, open: readonly string[], name: string): readonly string[] {
  const next = open.includes(name) ? open.filter((other) => other !== name) : [...open, name]
  localStorage.setItem(keyOf(site), JSON.stringify(next))
  return next
}
