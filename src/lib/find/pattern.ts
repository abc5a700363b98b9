const special = /[\\^$.*+?()[\]{}|]/g

/** A regular expression (RE2) for a text itself. */
export const escapePattern = (text: string) => text.replace(special, '\\$&')

/** The text that a pattern made by `escapePattern` stands for, or null. */
export function literalOf(pattern: string): string | null {
  const text = pattern.replace(/\\([\\^$.*+?()[\]{}|])/g, '$1')
  return escapePattern(text) === pattern ? text : null
}

/** `/static/*` → `(?s)^/static/.*$`: a star is any text. The pieces are the texts around the stars. */
export const wildPattern = (pieces: readonly string[]) => `(?s)^${pieces.map(escapePattern).join('.*')}$`

/** The texts around the stars of a pattern that `wildPattern` made, or null. */
export function piecesOf(pattern: string): string[] | null {
  const [, inner] = /^\(\?s\)\^(.*)\$$/s.exec(pattern) ?? []
  if (inner === undefined) return null
  // `\.*` is a dot and stray star, so a star is only found behind a dot that no backslash escapes.
  const parts = Array.from(inner.matchAll(/((?:\\.|(?!\.\*)[^\\])*)(?:\.\*|$)/gs), ([, part]) => part!)
  const pieces = parts.slice(0, inner.endsWith('.*') ? undefined : -1).map((part) => literalOf(part))
  if (pieces.includes(null)) return null
  const texts = pieces as string[]
  return wildPattern(texts) === pattern ? texts : null
}

/** What stands between the slashes of `/…/`: only a slash is escaped. Null if that can't say the pattern. */
export function writeSlashed(pattern: string, isSpaced: boolean): string | null {
  const [, flag = '', rest = ''] = /^(\(\?i\))?(.*)$/s.exec(pattern) ?? []
  if (!rest || /[\s\\]$|^\*/.test(rest) || /\\\/|[\r\n]/.test(rest)) return null
  const text = `/${rest.replaceAll('/', '\\/')}/${flag ? 'i' : ''}`
  return readSlashed(text, isSpaced)?.pattern === pattern ? text : null
}

/**
 * The pattern that a text begins with as `/…/` or `/…/i`, and its length; null if it begins with none. The slash that ends
 * it stands before a space, a comma or the end.
 */
export function readSlashed(text: string, isSpaced: boolean): { pattern: string; length: number } | null {
  const inner = isSpaced
    ? /^\/((?:\\.|[^\\/])+)\/(i?)(?=[\s,]|$)/s
    : /^\/((?:\\\S|[^\\/\s])+)\/(i?)(?=[\s,]|$)/s
  const [whole, body, flag] = inner.exec(text) ?? []
  if (whole === undefined) return null
  const pattern = body!.replace(/\\([^])/g, (pair, character) => (character === '/' ? '/' : pair))
  return { pattern: (flag ? '(?i)' : '') + pattern, length: whole.length }
}
