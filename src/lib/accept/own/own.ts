import { RE2JS } from 're2js'
import type { Fields } from '../fields.ts'
import type { Format } from '../formats/format.ts'
import { readNames } from '../formats/names.ts'
import { readApache } from './apache.ts'
import { readGoAccess } from './goaccess.ts'
import { readNginx } from './nginx.ts'
import { checkParts, FormatError, readTemplate } from './template.ts'

export { FormatError }

export const longestFormat = 4_096

interface Dialect {
  name: string
  matches: RegExp
  /** Throws `FormatError`. */
  compile(text: string): (line: string) => Fields | null
}

const template = (read: typeof readNginx) => (text: string) => {
  const parts = checkParts(read(text))
  return (line: string) => readTemplate(parts, line)
}

/** Whose description of a format it is, by how it looks, the surest first. */
const dialects: readonly Dialect[] = [
  { name: "nginx' log_format", matches: /^\s*log_format\s/, compile: template(readNginx) },
  {
    name: "Apache's LogFormat",
    matches: /^\s*(?:LogFormat|CustomLog|GlobalLog)\s/i,
    compile: template(readApache)
  },
  { name: "GoAccess' log-format", matches: /^\s*log-format\s/, compile: template(readGoAccess) },
  { name: 'regular expression', matches: /\(\?P?<[A-Za-z]|^\^/, compile: expression },
  { name: "nginx' log_format", matches: /\$\{?[a-z]/, compile: template(readNginx) },
  { name: "Apache's LogFormat", matches: /%[<>!]?\{|%[<>]|%O/, compile: template(readApache) },
  {
    name: "GoAccess' log-format",
    matches: /%[\^dxRKMe~]|~h\{|%h[^]*%u["\s]*$/,
    compile: template(readGoAccess)
  },
  { name: "Apache's LogFormat", matches: /%/, compile: template(readApache) }
]

/** A line format that somebody described, and by which language. */
export interface OwnFormat extends Format<string> {
  dialect: string
}

/** Each keeps the last line that it read, at most 64 KiB. */
const mostCompiled = 100
const compiled = new Map<string, OwnFormat>()

/**
 * The format that a text describes: nginx's `log_format`, Apache's `LogFormat`, GoAccess' `log-format`, or a regular
 * expression whose groups have the names of nginx's variables. No line takes longer than its length. Throws
 * `FormatError`.
 */
export function ownFormat(text: string): OwnFormat {
  const known = compiled.get(text)
  if (known !== undefined) return known
  if (text.length > longestFormat)
    throw new FormatError(`The format has ${text.length} characters, more than ${longestFormat}.`)
  const dialect = dialects.find(({ matches }) => matches.test(text))
  if (dialect === undefined)
    throw new FormatError('The format has no $names of nginx, no % of Apache or GoAccess, and no (?<name>…).')
  const parse = dialect.compile(text)
  let [lastLine, last] = ['', null as Fields | null]
  const find = (line: string) => {
    if (line !== lastLine) [lastLine, last] = [line, parse(line)]
    return last
  }
  const format: OwnFormat = {
    name: 'own',
    dialect: dialect.name,
    matches: (line) => find(line) !== null,
    read: (hit, line, source) => readNames(hit, inOurUnits(find(line)!), source)
  }
  if (compiled.size >= mostCompiled) compiled.clear()
  compiled.set(text, format)
  return format
}

/** RE2 looks at each character once, whatever the expression. */
function expression(text: string): (line: string) => Fields | null {
  const pattern = compileExpression(text.trim().replaceAll('(?P<', '(?<'))
  const names = Object.keys(pattern.namedGroups())
  if (names.length === 0)
    throw new FormatError('The regular expression has no group with a name, as (?<status>…).')
  return (line) => {
    const matcher = pattern.matcher(line)
    if (!matcher.find()) return null
    return Object.fromEntries(names.map((name) => [name, matcher.group(name) ?? undefined]))
  }
}

function compileExpression(text: string): RE2JS {
  try {
    return RE2JS.compile(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new FormatError(
      `The regular expression cannot be read: ${why}. Look-around and back-references are not taken.`
    )
  }
}

/** Times in units that `names.ts` does not know, and dates apart from their clocks. */
function inOurUnits({ duration_us, duration_ns, date, clock, fraction, peer, ...found }: Fields): Fields {
  const millis = (value: unknown, share: number) => (isNumber(value) ? Number(value) / share : value)
  return {
    ...found,
    ...(peer !== undefined && (found.remote_addr === undefined ? { remote_addr: peer } : { peer })),
    ...(fraction !== undefined && { fraction }),
    ...(duration_us !== undefined && { duration_ms: millis(duration_us, 1e3) }),
    ...(duration_ns !== undefined && { duration_ms: millis(duration_ns, 1e6) }),
    ...(date !== undefined && { time: clock === undefined ? date : join(String(date), String(clock)) })
  }
}

const isNumber = (value: unknown) => typeof value === 'string' && /^\d{1,18}(?:\.\d+)?$/.test(value)
const join = (date: string, clock: string) =>
  `${date}${date.includes('/') && !/^\d{4}/.test(date) ? ':' : 'T'}${clock}`
