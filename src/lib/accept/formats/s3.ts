import type { Fields } from '../fields.ts'
import { named, quotedText } from './named.ts'

const quoted = (name: string) => `(?:"(?<${name}>${quotedText})"|-)`

/** S3's server access log: times in milliseconds; who asked, by an identity of AWS, is the user. */
export const s3 = named(
  's3',
  new RegExp(
    String.raw`^(?:[0-9a-f]{64}|-) (?<bucket>\S+) \[(?<time>[^\]]+)\] (?<remote_addr>\S+) (?<user>\S+) ` +
      String.raw`(?<request_id>[0-9A-Z]{1,64}|-) (?<operation>[A-Z][A-Z0-9]*(?:\.[A-Z0-9_]+)+) (?<key>\S+) ` +
      quoted('request') +
      String.raw` (?<status>\S+) (?<error>\S+) (?<bytes>\S+) (?<object_size>\S+) (?<duration_ms>\S+) ` +
      String.raw`(?<upstream_service_time>\S+) ${quoted('referrer')} ${quoted('user_agent')}` +
      String.raw`(?: (?<version>\S+) \S+ \S+ (?<ssl_cipher>\S+) \S+ (?<host>\S+)(?: (?<ssl_protocol>\S+))?)?`
  ),
  withoutNone
)

/** What S3 does by itself, as when an object expires, has no request line. */
function withoutNone({ request, ...found }: Fields): Fields {
  return request === '-' ? found : { request, ...found }
}
