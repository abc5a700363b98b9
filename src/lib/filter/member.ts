/** A field without a column, as `extra` keeps it: `extra.upstream`, or `extra.headers.via` inside an object. */
export type Member = `extra.${string}`

/** Only dots need an escape, and only in a regular expression; JSON and SQL take such a name as it is. */
const name = /^extra\.([\p{L}\p{N}_@:/-]+(?:\.[\p{L}\p{N}_@:/-]+){0,3})$/u
const longest = 80

export const isMember = (text: string): text is Member => text.length <= longest && name.test(text)

/** The members of an `extra` whose names can be asked for. */
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
/** A list or object of JSON that nests so many levels. */
const nested = (levels: number): string =>
  String.raw`[\[{](?:[^"\[\]{}]|${text}${levels > 1 ? `|${nested(levels - 1)}` : ''})*[\]}]`
const value = String.raw`(?:${text}|[^\s,"\[\]{}]+|${nested(3)})`

/**
 * SQL for the JSON of a member; the engine has no JSON functions. If the object holds no other object, the key is its
 * own wherever it stands, so the slow pattern that reads from the start is not needed.
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

/** SQL for a path: `a.b` is the member `a.b` or, if there is none, `b` of the object `a`. */
function pathOf(object: string, path: string): string {
  const dot = path.indexOf('.')
  const whole = jsonOf(object, path)
  if (dot < 0) return whole
  return `coalesce(${whole}, ${pathOf(jsonOf(object, path.slice(0, dot)), path.slice(dot + 1))})`
}

/** SQL for its value as text; NULL where there is none. */
export const sqlOfMember = (member: Member): string =>
  `text_of_json(${pathOf('extra', name.exec(member)![1]!)})`
