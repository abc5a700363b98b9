/** A safeguard, and the edit that removes it. */
export interface Mutant {
  name: string
  file: string
  pattern: string
  replacement: string
}

/** The source without the safeguard. Throws unless the pattern is there exactly once: the list has to follow the code. */
export function applyMutant({ name, file, pattern, replacement }: Mutant, source: string): string {
  const found = source.split(pattern).length - 1
  if (found !== 1) throw new Error(`mutant "${name}": its pattern is ${found} times in ${file}, not once`)
  return source.replace(pattern, () => replacement)
}
