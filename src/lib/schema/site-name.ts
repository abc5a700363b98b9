/**
 * Letters, digits and `_` of any script, then also `.`, `-` and the marks that letters bear. A name stands in object
 * keys, addresses and names of files, so it has no slash, and no character that is not seen (`DI`).
 */
const pattern = /^(?!.*\p{DI})[\p{L}\p{N}_][\p{L}\p{M}\p{N}\-_.]*$/u
/** In UTF-8: three times as long in an address, where a file name of 255 still has room for it. */
const longest = 63
const utf8 = new TextEncoder()

/** The pattern for a form's field. Capitals are typed, too: `readSiteName` makes them small. */
export const typedSiteName = pattern.source

/** Says in an error what a name is. */
export const siteNameRule = `letters, digits, _ . -, at most ${longest} bytes`

/** Whether a text is the name of a site, spelled as it is kept. */
export function isSiteName(text: string): boolean {
  return pattern.test(text) && fold(text) === text && utf8.encode(text).length <= longest
}

/** The name that a text means, spelled as it is kept; null if it can be none. */
export function readSiteName(text: string): string | null {
  const name = fold(text.trim())
  return isSiteName(name) ? name : null
}

const fold = (text: string) => text.toLowerCase().normalize('NFC')
