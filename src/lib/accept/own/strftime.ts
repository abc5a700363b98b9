/** How many spaces a time has that is written by this pattern of `strftime`. */
export function spacesIn(pattern: string): number {
  const written = pattern.replaceAll('%c', 'a b c d e').replaceAll('%T', 'x')
  return written.split(' ').length - 1
}
