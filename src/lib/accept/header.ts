import { readBareAddress } from './address.ts'

/** A line without what syslog or a container runtime put before it, and the machine and time that this header names. */
interface Headed {
  server: string | null
  rest: string
  /** Only one with a year. */
  time?: string
  /** A container runtime split the line, and this is not its end. */
  isPart?: boolean
}

const month = /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d /
const escape = '\x1b['
const color = new RegExp(`${escape.replace('[', '\\[')}[\\d;]*m`, 'g')
const composed = /^((?:\d{1,3}\|)?[\w.@-]{1,64}) +\| /
/** `kubectl logs --prefix`. */
const prefixed = /^\[pod\/[\w./-]{1,128}\] /
const stamp = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[\d.,]*(?:Z|[+-]\d\d:?\d\d)? /
const runtime = /^std(?:out|err) ([FP]) /
/** `web1 nginx[123]: ` behind a time, and Heroku's `app[web.1]: ` without a machine. */
const tagged = /^(?:(\S{1,255}) [\w./-]{1,48}(?:\[\d{1,10}\])?|[\w./-]{1,48}\[[\w.-]{1,32}\]): /
/** The length of a message, which RFC 6587 puts before it. */
const octets = /^\d{2,5} (?=<\d{1,3}>)/
/** RFC 5424. Heroku leaves out the structured data: a bracket without a name and a value is the message. */
const modern =
  /^1 (\S{1,64}) (\S{1,255}) \S{1,48} \S{1,128} \S{1,32}(?: (?:-|(?:\[(?=[^\s\]]*(?:@| [^\s\]="]+="))(?:[^\]\\]|\\[^]){0,1024}\]){1,8})(?= |$))? ?(?:\ufeff)?/

/**
 * Strips syslog's header (RFC 3164 with or without priority, RFC 5424, rsyslog's and journalctl's with an ISO time), CRI's
 * `2026-01-15T10:11:12Z stdout F `, kubectl's `[pod/name/container] `, the time of `docker logs -t`, the `nginx.1 | ` of
 * compose, the colors of a terminal, Ruby's logger. Its time is for lines that have none of their own.
 */
export function stripHeader(line: string): Headed {
  let text = withoutColors(withoutQuotes(line)).trim()
  if (text.includes(' | '))
    text = text.replace(composed, (prefix, name: string) => (isAddress(name) ? prefix : ''))
  if (isCounted(text)) text = text.replace(octets, '')
  const first = text.charCodeAt(0)
  if (first === 0x5b && text.startsWith('[pod/')) text = text.replace(prefixed, '')
  if (first === 0x3c) return stripPriority(text)
  if (first >= 0x41 && first <= 0x53 && month.test(text)) return stripLegacy(text)
  if (text.charCodeAt(4) === 0x2d) return stripStamp(text)
  if (text.charCodeAt(4) === 0x2f) return stripConsole(text)
  if (text.charCodeAt(1) === 0x2c) return stripLogger(text)
  return { server: null, rest: text }
}

/** Whether `<` stands where a length may be in front of it: a look at four characters of each line. */
function isCounted(text: string): boolean {
  for (let at = 3; at <= 6; at++) if (text.charCodeAt(at) === 0x3c) return true
  return false
}

/** No container is called so: it is the client, in a format of the user's own. */
const isAddress = (name: string): boolean => name === '-' || readBareAddress(name) !== null

/** Without the colors of a terminal. */
export function withoutColors(text: string): string {
  return text.includes(escape) ? text.replace(color, '') : text
}

/** A line that stands in quotes as a whole, as some shippers write it, loses them on both ends. */
function withoutQuotes(text: string): string {
  if (text.charCodeAt(0) !== 0x22 || text.length < 2 || !text.endsWith('"')) return text
  const inside = text.slice(1, -1)
  if (inside.includes('\\"')) return inside.replaceAll('\\"', '"').replaceAll('\\\\', '\\')
  if (inside.includes('""')) return inside.replaceAll('""', '"')
  // Nobody escaped the quotes inside: those of the line itself come in pairs, that of a quoted client does not.
  return /^[^"[]+\[/.test(inside) ? inside : text
}

function stripPriority(text: string): Headed {
  const end = text.indexOf('>')
  if (end < 2 || end > 4) return { server: null, rest: text }
  const rest = text.slice(end + 1)
  const found = modern.exec(rest)
  if (found !== null) {
    const [header, time, host] = found
    return { server: named(host!), rest: rest.slice(header.length).trimStart(), ...own(time!) }
  }
  return stamp.test(rest) ? stripStamp(rest) : stripLegacy(rest)
}

function stripLegacy(text: string): Headed {
  const colon = text.indexOf(': ')
  const head = text.slice(0, colon)
  if (colon < 0 || colon > 512 || /["{]/.test(head)) return stripUntagged(text)
  const words = head.replace(month, '').split(' ')
  return { server: words.length > 1 ? named(words[0]!) : null, rest: text.slice(colon + 2).trimStart() }
}

/** `Jan 15 10:11:12 web1 `, without a program: an address is the machine only if another, the client's, is behind it. */
function stripUntagged(text: string): Headed {
  if (!month.test(text)) return { server: null, rest: text }
  const rest = text.replace(month, '').trimStart()
  const [host = '', next = ''] = rest.split(' ', 2)
  const isMachine = readBareAddress(host) === null ? /^[\w.-]+$/.test(host) : readBareAddress(next) !== null
  return isMachine ? { server: named(host), rest: rest.slice(host.length + 1) } : { server: null, rest }
}

/** Lines that need no time in front: those of Envoy, Gin, Django, Squid and Morgan, LTSV and logfmt. */
const whole =
  /^(?:(?:\S+ \S+ )?[A-Z-]{3,32} [/*]\S* [^"]{1,48} ms(?: - [\d-]+)?$|\[(?:\d{4}-|\d\d\/|GIN\] )|\d{10}\.\d{3} |[A-Za-z_][\w.-]{0,63}(?:=\S* |:[^\t]*\t))/

/** AWS' Classic load balancers write the time first: it is no header, whatever brackets follow. */
const balancer = /^\S+ \S+:\d+ (?:\S+:\d+|-) -?\d/

/** A time alone is a header only before a line that has a time of its own, or before JSON. */
function stripStamp(text: string): Headed {
  const time = stamp.exec(text)
  if (time === null) return { server: null, rest: text }
  const rest = text.slice(time[0].length)
  const when = own(time[0].trimEnd())
  const flow = runtime.exec(rest)
  if (flow !== null)
    return {
      server: null,
      rest: rest.slice(flow[0].length),
      ...when,
      ...(flow[1] === 'P' && { isPart: true })
    }
  const tag = tagged.exec(rest)
  if (tag !== null)
    return { server: named(tag[1] ?? ''), rest: rest.slice(tag[0].length).trimStart(), ...when }
  return rest.startsWith('{') || (rest.includes(' [') && !balancer.test(rest)) || whole.test(rest)
    ? { server: null, rest, ...when }
    : { server: null, rest: text }
}

/** `2026/01/15 10:11:12.123 INFO http.log.access handled request {…}`, with tabs: Caddy's console, whose JSON has no time. */
function stripConsole(text: string): Headed {
  const start = text.indexOf('\t{')
  const time = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d[\d.]*(?=\t)/.exec(text.slice(0, 40))?.[0]
  if (start < 0 || time === undefined) return { server: null, rest: text }
  return { server: null, rest: text.slice(start + 1), time }
}

/** `I, [2026-01-15T10:11:12.123456 #1234]  INFO -- : `, perhaps with tags in brackets before logfmt or JSON. */
const logger =
  /^[A-Z], \[(\d{4}-\d\d-\d\dT[\d:.]{8,20}) #\d{1,10}\] {1,2}[A-Z]{3,7} -- [^:]{0,64}: (?:(?:\[[^\]]{0,64}\] ){1,4}(?=[a-z_]+=|\{))?/

/** Ruby's logger, behind which Lograge writes. Its time names no zone. */
function stripLogger(text: string): Headed {
  const [header, time] = logger.exec(text) ?? []
  return { server: null, rest: text.slice(header?.length ?? 0), ...(time !== undefined && { time }) }
}

/** A time that needs no guess. */
function own(time: string): { time?: string } {
  return /(?:Z|[+-]\d\d:?\d\d)$/.test(time) ? { time } : {}
}

function named(host: string): string | null {
  return host === '' || host === '-' ? null : host.slice(0, 255)
}
