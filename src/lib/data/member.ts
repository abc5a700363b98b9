/** A member of `extra`, what a log says beyond the columns: `extra.upstream`, or `extra.headers.via` of an object in it. */
export type Member = `extra.${string}`

/** Nothing that would have to be escaped in JSON, a regular expression or SQL, but dots. */
const name = /^extra\.([\p{L}\p{N}_@:/-]+(?:\.[\p{L}\p{N}_@:/-]+){0,3})$/u
const longest = 80

export const isMember = (text: string): text is Member => text.length <= longest && name.test(text)

/** The keys of the members that an `extra` has, as far as they can be asked for. */
export function membersOf(extra: string): Member[] {
  const found: Member[] = []
  const walk = (object: object, prefix: string) => {
    for (const [key, value] of Object.entries(object) as [string, unknown][]) {
      const path = `${prefix}.${key}`
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) walk(value, path)
      else if (isMember(path)) found.push(path)
    }
  }
  walk(JSON.parse(extra) as object, 'extra')
  return found
}

const text = String.raw`"(?:[^"\\]|\\.)*"`
/** JSON in as many levels as `extra` can have, and of one of them in the next. */
const nested = (levels: number): string =>
  levels === 0
    ? text
    : String.raw`[\[{](?:[^"\[\]{}]|${text}${levels > 1 ? `|${nested(levels - 1)}` : ''})*[\]}]`
const value = String.raw`(?:${text}|[^\s,"\[\]{}]+|${nested(3)})`

/**
 * The JSON of a member of an object that is JSON in a text, for which the engine has no functions. A key can be only the
 * object's own if it holds no other, and then the text behind the key is found without a look at all before it.
 */
function jsonOf(object: string, key: string): string {
  const quoted = `"${key}":`
  const rest = `${object}[strpos(${object}, '${quoted}') + ${[...quoted].length}:]`
  const before = `\\{(?:${text}:${value},)*?${quoted.replaceAll('.', '\\.')}`
  return `CASE
    WHEN NOT contains(${object}, '${quoted}') THEN NULL
    WHEN contains(${object}, ':{') OR contains(${object}, '[{') THEN nullif(regexp_extract(${object}, '^${before}(${value})', 1), '')
    ELSE regexp_extract(${rest}, '^${value}')
  END`
}

/** The path `a.b` is a member called `a.b`, or else `b` of the object `a`. */
function pathOf(object: string, path: string): string {
  const dot = path.indexOf('.')
  const whole = jsonOf(object, path)
  if (dot < 0) return whole
  return `coalesce(${whole}, ${pathOf(jsonOf(object, path.slice(0, dot)), path.slice(dot + 1))})`
}

/** Its value as text; NULL where there is none. */
export const sqlOfMember = (member: Member): string =>
  `text_of_json(${pathOf('extra', name.exec(member)![1]!)})`
