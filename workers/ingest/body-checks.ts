import { withoutColors } from '#lib/accept/header.ts'
import { Failure } from '../failure.ts'

const foreign = /^(?:multipart\/|application\/(?:x-|vnd\.google\.)?(?:protobuf|snappy|parquet|avro))/i

/** Throws 415 if a body of this Content-Type can be no log. */
export function checkType(type: string): void {
  if (foreign.test(type.trim())) throw unsupported(`Content-Type ${type.slice(0, 64)}`)
}

/** Throws 415 if a body is a form. `curl -d` calls everything a form: only what looks like one is. */
export function checkForm(body: Uint8Array): void {
  const start = new TextDecoder().decode(body.subarray(0, 256))
  if (/^[\w.%+-]{1,64}=[^\s"]*(?:&|$)/.test(start)) throw unsupported('a form')
}

function unsupported(what: string): Failure {
  const message = `${what} is not taken: send JSON, NDJSON, MessagePack or lines of text, plain or as gzip, deflate, zstd, br`
  return new Failure(415, 'unsupported_type', message, {
    Accept: 'application/json, application/x-ndjson, application/msgpack, text/plain'
  })
}

/** What a line of some format has once. A stranger cannot write these: servers escape the quotes of a request. */
const once: readonly RegExp[] = [
  /\[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d[^\]]*\]/g,
  / HTTP\/\d(?:\.\d)?" /g,
  /\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[[a-z]+\] /g,
  /\d{4}-\d\d-\d\d[ \t]\d\d:\d\d:\d\d[ \t]/g,
  / TCP_[A-Z_]+\/\d{3} /g,
  /\bstatus[:=]"?\d{3}\b/g,
  /(?:^|[^\s\\]")\S* ?\[GIN\] \d{4}\//g,
  /\[\d\d\/[A-Z][a-z]{2}\/\d{4} \d\d:\d\d:\d\d\] "/g,
  / (?:\d{3}|-) (?:(?:\d+|-) - )?(?:\d[\d.]*|-) ms/g,
  /, \d{1,2}\/\d{1,2}\/\d{2,4}, \d{1,2}:\d\d:\d\d, /g
]

/** Throws 400 if `curl -d` joined the lines of a log: it leaves out every line feed and carriage return of a file. */
export function checkJoined(body: Uint8Array, agent: string | undefined): void {
  if (!/^curl\//i.test(agent ?? '') || body.includes(0x0a) || body.includes(0x0d)) return
  // One line that is longer than this is refused anyway, with its length.
  const text = withoutColors(new TextDecoder().decode(body.subarray(0, 1 << 20)))
  if (/^\s*[[{]/.test(text) && !/^\s*\[(?:\d|GIN\])/.test(text)) return
  if (!text.startsWith('#') && !once.some((mark) => (text.match(mark)?.length ?? 0) > 1)) return
  const message =
    'the body is several lines without line ends: curl -d joins them, send the file with --data-binary'
  throw new Failure(400, 'joined_lines', message)
}
