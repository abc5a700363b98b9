/** A line without what syslog or a container runtime put before it, and the machine that header names. */
export interface Headed {
  server: string | null
  rest: string
}

const month = /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d /

/**
 * Strips `<190>Jan 15 10:11:12 web1 nginx: ` (RFC 3164, with or without priority), RFC 5424's header, and CRI's
 * `2026-01-15T10:11:12Z stdout F `. Its time is dropped: the line's own counts.
 */
export function stripHeader(line: string): Headed {
  const text = line.trim()
  const first = text.charCodeAt(0)
  if (first === 0x3c) return stripPriority(text)
  if (first >= 0x41 && first <= 0x53 && month.test(text)) return stripLegacy(text)
  if (text.charCodeAt(4) === 0x2d) return { server: null, rest: stripRuntime(text) }
  return { server: null, rest: text }
}

function stripPriority(text: string): Headed {
  const end = text.indexOf('>')
  if (end < 2 || end > 4) return { server: null, rest: text }
  const rest = text.slice(end + 1)
  const modern =
    /^1 \S{1,64} (\S{1,255}) \S{1,48} \S{1,128} \S{1,32} (?:-|\[[^\]]{0,1024}\]) ?(?:\ufeff)?/.exec(rest)
  if (modern !== null) return { server: named(modern[1]!), rest: rest.slice(modern[0].length).trimStart() }
  return stripLegacy(rest)
}

function stripLegacy(text: string): Headed {
  const colon = text.indexOf(': ')
  const head = text.slice(0, colon)
  if (colon < 0 || colon > 512 || /["{]/.test(head)) return { server: null, rest: text }
  const words = head.replace(month, '').split(' ')
  return { server: words.length > 1 ? named(words[0]!) : null, rest: text.slice(colon + 2).trimStart() }
}

function stripRuntime(text: string): string {
  const match = /^\d{4}-\d\d-\d\dT\S{1,32} std(?:out|err) [FP] /.exec(text)
  return match === null ? text : text.slice(match[0].length)
}

function named(host: string): string | null {
  return host === '' || host === '-' ? null : host.slice(0, 255)
}
