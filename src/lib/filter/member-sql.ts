import { keysOf, type Member } from './member.ts'

const text = String.raw`"(?:[^"\\]|\\.)*"`
/** A list or object of JSON that nests so many levels. */
const nested = (levels: number): string =>
  String.raw`[\[{](?:[^"\[\]{}]|${text}${levels > 1 ? `|${nested(levels - 1)}` : ''})*[\]}]`
const value = String.raw`(?:${text}|[^\s,"\[\]{}]+|${nested(3)})`

const codeOf = (character: string) => character.codePointAt(0)!
const spell = (text: string, plain: RegExp, other: (code: number) => string) =>
  Array.from(text, (character) => (plain.test(character) ? character : other(codeOf(character)))).join('')

/** SQL for a text of JSON, whatever a stranger's key holds. */
const literalOf = (json: string) =>
  `'${spell(json, /[\p{L}\p{N}_@:/."-]/u, (code) => `' || chr(${code}) || '`)}'`
const patternOf = (json: string) => spell(json, /[\p{L}\p{N}_@:/"-]/u, (code) => `\\x{${code.toString(16)}}`)

/**
 * SQL for the JSON of a member; the engine has no JSON functions. If the object holds no other object, and no key
 * that ends like this one behind a quote, the key is its own wherever it stands: the slow pattern that reads from the
 * start is not needed.
 */
function jsonOf(object: string, key: string): string {
  const quoted = `${JSON.stringify(key)}:`
  const literal = literalOf(quoted)
  const rest = `${object}[strpos(${object}, ${literal}) + ${[...quoted].length}:]`
  const before = `\\{(?:${text}:${value},)*?${patternOf(quoted)}`
  return `CASE
    WHEN NOT contains(${object}, ${literal}) THEN NULL
    WHEN contains(${object}, ':{') OR contains(${object}, '[{') OR contains(${object}, ${literalOf(`\\${quoted}`)})
      THEN nullif(regexp_extract(${object}, '^${before}(${value})', 1), '')
    ELSE regexp_extract(${rest}, '^${value}')
  END`
}

/** SQL for a path: `a.b` is the member `a.b` or, if there is none, `b` of the object `a`. */
function pathOf(object: string, [first, ...keys]: readonly string[]): string {
  const whole = jsonOf(object, [first!, ...keys].join('.'))
  return keys.length ? `coalesce(${whole}, ${pathOf(jsonOf(object, first!), keys)})` : whole
}

/** SQL for its value as text; NULL where there is none. */
export const sqlOfMember = (member: Member): string => `text_of_json(${pathOf('extra', keysOf(member))})`
