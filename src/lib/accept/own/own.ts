import { RE2JS } from 're2js'
import type { OwnFormat } from '../formats/format.ts'
import { meaningOf } from '../formats/meanings.ts'
import { columnsIn, nameOf } from '../formats/w3c.ts'
import { readApache } from './apache.ts'
import { readGoAccess } from './goaccess.ts'
import { mappingOf, readMapping, recordBy } from './mapping.ts'
import { readNginx } from './nginx.ts'
import { checkParts, FormatError, readTemplate, stopOfTemplate } from './template.ts'
import { inOurUnits } from './units.ts'

export { FormatError }

const longestFormat = 4_096

interface Dialect {
  name: string
  matches: RegExp
  /** Throws `FormatError`. */
  compile(text: string): Omit<OwnFormat, 'dialect'>
}

/** A format that writes JSON says which key holds what. */
const template = (read: typeof readNginx) => (text: string) => {
  const parts = read(text)
  const mapping = mappingOf(parts)
  if (mapping !== null) return { record: recordBy(mapping) }
  checkParts(parts)
  const line = (text: string) => {
    const fields = readTemplate(parts, text)
    return fields && inOurUnits(fields)
  }
  return { line, stop: (text: string) => stopOfTemplate(parts, text) }
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
  { name: 'W3C #Fields', matches: /^\s*#/, compile: columnsOf },
  { name: 'regular expression', matches: /\(\?P?<[A-Za-z]|^\^/, compile: expression },
  {
    name: 'JSON',
    matches: /^\s*\{(?![^]*"\s*:\s*"?[$%])/,
    compile: (text) => ({ record: recordBy(readMapping(text)) })
  },
  { name: "nginx' log_format", matches: /\$\{?[a-z]/, compile: template(readNginx) },
  { name: "Apache's LogFormat", matches: /%[<>!]?\{|%[<>]|%O/, compile: template(readApache) },
  {
    name: "GoAccess' log-format",
    matches: /%[\^dxRKMe~]|~h\{|%h[^]*%u["\s]*$/,
    compile: template(readGoAccess)
  },
  { name: "Apache's LogFormat", matches: /%/, compile: template(readApache) }
]

/** Each keeps the last line that it read, at most 64 KiB. */
const mostCompiled = 100
const compiled = new Map<string, OwnFormat>()

/**
 * The format that a text describes: nginx's `log_format`, Apache's `LogFormat`, GoAccess' `log-format`, a regular
 * expression whose groups have the names of nginx's variables, `#Fields` of a W3C log, or a JSON object of columns and
 * keys. No line takes longer than its length. Throws `FormatError`.
 */
export function ownFormat(text: string): OwnFormat {
  const known = compiled.get(text)
  if (known !== undefined) return known
  if (text.length > longestFormat)
    throw new FormatError(`The format has ${text.length} characters, more than ${longestFormat}.`)
  const dialect = dialects.find(({ matches }) => matches.test(text))
  if (dialect === undefined)
    throw new FormatError(
      'The format has no $names of nginx, no % of Apache or GoAccess, no (?<name>…), no #Fields, and no {"column": "key"}.'
    )
  const format: OwnFormat = { dialect: dialect.name, ...dialect.compile(text) }
  if (compiled.size >= mostCompiled) compiled.clear()
  compiled.set(text, format)
  return format
}

/** What `#Fields` lists; the other directives may stand around it. */
function columnsOf(text: string): Pick<OwnFormat, 'columns'> {
  const list = /^\s*#Fields:(.*)$/im.exec(text)?.[1]
  if (!list?.trim()) throw new FormatError('The format begins with # but has no #Fields: with columns.')
  const columns = columnsIn(list)
  if (!columns.some((column) => ['target', 'request'].includes(meaningOf(nameOf(column)) ?? '')))
    throw new FormatError('#Fields has no column with the path, such as cs-uri-stem.')
  return { columns }
}

/** RE2 looks at each character once, whatever the expression. */
function expression(text: string): Pick<OwnFormat, 'line'> {
  const pattern = compileExpression(text.trim().replaceAll('(?P<', '(?<'))
  const names = Object.keys(pattern.namedGroups())
  if (names.length === 0)
    throw new FormatError('The regular expression has no group with a name, as (?<status>…).')
  const line = (text: string) => {
    const matcher = pattern.matcher(text)
    if (!matcher.find()) return null
    return inOurUnits(Object.fromEntries(names.map((name) => [name, matcher.group(name) ?? undefined])))
  }
  return { line }
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
