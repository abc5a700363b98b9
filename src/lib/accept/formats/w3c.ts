import { readAddress } from '../address.ts'
import { emptyRecord, readText, type Fields } from '../fields.ts'
import { Refused } from '../refused.ts'

/** Columns as `names.ts` names them; headers, `cs(Name)`, go by their names. */
const columns = new Map(
  Object.entries({
    'c-ip': 'remote_addr',
    'cs-method': 'method',
    'cs-uri-stem': 'path',
    'cs-uri-query': 'query',
    'cs-uri': 'url',
    'cs-username': 'user',
    'cs-host': 'host',
    'cs-protocol': 'scheme',
    'cs-protocol-version': 'protocol',
    'cs-version': 'protocol',
    'cs-bytes': 'request_bytes',
    'sc-status': 'status',
    'sc-bytes': 'bytes',
    's-computername': 'hostname',
    'x-host-header': 'http_host',
    'x-edge-request-id': 'request_id',
    'x-edge-result-type': 'cache_status',
    'timestamp(ms)': 'time',
    'user-agent': 'user_agent'
  })
)

/** CloudFront's standard log. Older versions have only the first of these. */
const cloudFront = (
  'date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) ' +
  'cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken ' +
  'x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status ' +
  'fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len ' +
  'sc-range-start sc-range-end'
).split(' ')
const oldestCloudFront = 19

/** What IIS writes unless told otherwise; version 7 and older write no referrer. */
const iis = (
  'date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status ' +
  'sc-substatus sc-win32-status time-taken'
).split(' ')
/** The same with all fields, and what Azure's App Service writes. */
const wholeIis = (
  'date time s-sitename s-computername s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs-version ' +
  'cs(User-Agent) cs(Cookie) cs(Referer) cs-host sc-status sc-substatus sc-win32-status sc-bytes cs-bytes time-taken'
).split(' ')
const appService = wholeIis.filter((name) => !['s-computername', 's-ip', 'cs-version'].includes(name))
const oldIis = iis.filter((name) => name !== 'cs(Referer)')

const start = /^(?:\d{4}-\d\d-\d\d[\t ])?\d\d:\d\d:\d\d(?:\.\d+)?[\t ]/

/**
 * W3C's extended log format, as CloudFront and IIS write it: `#Fields` names the columns of the lines that follow. One
 * for each batch. A batch that begins in the middle of a file has no `#Fields`: then the columns that CloudFront and IIS
 * write by default are known, and those that somebody described.
 */
export class W3c {
  #columns: readonly string[] | null = null
  #date: string | null = null
  readonly #described: readonly (readonly string[])[]

  /** `described` are columns of logs whose `#Fields` is in no batch. */
  constructor(described: readonly (readonly string[])[] = []) {
    this.#described = described
  }

  /** Whether the line is one of the directives, which are no records. */
  takeDirective(line: string): boolean {
    const directive = /^#(Fields|Date|Version|Software|Start-Date|End-Date|Remark): ?(.*)$/i.exec(line)
    if (directive === null) return false
    const [, name = '', value = ''] = directive
    if (name.toLowerCase() === 'fields') this.#columns = columnsIn(value)
    if (name.toLowerCase() === 'date') this.#date = value.trim().slice(0, 10)
    return true
  }

  /** The record of a line by the described columns that its values fit; null where none fit, or the batch names its own. */
  parseDescribed(line: string): Fields | null {
    if (this.#columns !== null || this.#described.length === 0) return null
    const values = valuesIn(line)
    const names = this.#described.find((names) => fit(names, values))
    return names === undefined ? null : this.#record(names, values)
  }

  /** The record of a line; null if it is none of this format. Throws `Refused` where values and columns do not fit. */
  parse(line: string): Fields | null {
    if (this.#columns === null && !start.test(line)) return null
    const values = valuesIn(line)
    const names = this.#columns ?? defaultColumns(values, line.includes('\t'))
    if (names === null) return null
    // A log that is no W3C may stand behind one in a batch.
    if (names.length !== values.length && !start.test(line)) return null
    if (names.length !== values.length)
      throw new Refused('line', `line has ${values.length} values, but #Fields names ${names.length} columns`)
    return this.#record(names, values)
  }

  #record(names: readonly string[], values: readonly string[]): Fields {
    const isIis = !names.includes('x-edge-location')
    const record = emptyRecord()
    let [date, time, taken] = [this.#date, '', '']
    for (const [i, column] of names.entries()) {
      const value = values[i]!
      const name = column.toLowerCase()
      const header = /^(?:cs|x-cs|s|c)\((.+)\)$/.exec(name)?.[1]
      if (name === 'date') date = value
      else if (name === 'time') time = value
      else if (name === 'time-taken') taken = value
      else if (header === 'cookie') continue
      else record[nameOf(column)] = isEncoded(value) && isText(column) ? decode(value, isIis) : value
    }
    if (record.time === undefined && date !== null) record.time = `${date}T${time}Z`
    // CloudFront counts seconds with decimals, IIS whole milliseconds.
    return taken.includes('.') ? { ...record, request_time: taken } : { ...record, duration_ms: taken }
  }
}

/** The columns that `#Fields` lists. */
export function columnsIn(list: string): string[] {
  return list.trim().split(/\s+/)
}

/** What `names.ts` knows a column by. */
export function nameOf(column: string): string {
  const name = column.toLowerCase()
  const header = /^(?:cs|x-cs|s|c)\((.+)\)$/.exec(name)?.[1]
  return columns.get(header ?? name) ?? header ?? name
}

const valuesIn = (line: string) => line.split(line.includes('\t') ? '\t' : ' ')

/** How values of some columns look: a line of another log may have as many. */
const looks = new Map<string, (value: string) => boolean>([
  ['date', (value) => /^\d{4}-\d\d-\d\d$/.test(value)],
  ['time', (value) => /^\d\d:\d\d:\d\d/.test(value)],
  ['s-ip', (value) => readAddress(value) !== null],
  ['cs-method', (value) => /^[A-Z_-]+$/i.test(value)],
  ['c-ip', (value) => readAddress(value) !== null],
  ['sc-status', (value) => /^\d{1,3}$/.test(value)]
])

function fit(names: readonly string[], values: readonly string[]): boolean {
  if (names.length !== values.length) return false
  return names.every(
    (name, i) => readText(values[i]) === null || looks.get(name.toLowerCase())?.(values[i]!) !== false
  )
}

function defaultColumns(values: readonly string[], hasTabs: boolean): readonly string[] | null {
  const { length } = values
  if (hasTabs && length >= oldestCloudFront && length <= cloudFront.length) return cloudFront.slice(0, length)
  return hasTabs ? null : ([iis, oldIis, wholeIis, appService].find((names) => fit(names, values)) ?? null)
}

const isEncoded = (value: string) => value.includes('+') || value.includes('%')

/** What clients and proxies send as headers, also in a column that somebody named: `X-Forwarded-For`. */
const sent = /\(|^(?:http[-_])?(?:x[-_]forwarded[-_]for|forwarded|user[-_]agent|referr?er)$|^xff$/i

const isText = (column: string) => sent.test(column)

/** The text of a header: IIS writes `+` for a space, CloudFront escapes it by percent signs, twice. */
function decode(value: string, isIis: boolean): string {
  if (isIis) return value.replace(/\+(\+?)/g, ' $1')
  let text = value
  try {
    for (let i = 0; i < 2 && text.includes('%'); i++) text = decodeURIComponent(text)
  } catch {
    // What is no escape stays as it is.
  }
  return text
}
