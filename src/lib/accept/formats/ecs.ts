import { emptyRecord, isFields, type Fields } from '../fields.ts'
import type { Format } from './format.ts'
import { readNames } from './names.ts'

/**
 * Elastic's Common Schema, OpenTelemetry's conventions, new and old, and Datadog's, nested or with dots in the names: the
 * name of nginx for each.
 */
const names = new Map(
  Object.entries({
    'source.ip': 'remote_addr',
    'source.address': 'remote_addr',
    'client.ip': 'remote_addr',
    'client.address': 'remote_addr',
    'http.client_ip': 'remote_addr',
    'network.client.ip': 'remote_addr',
    'net.peer.ip': 'remote_addr',
    'network.peer.address': 'remote_addr',
    'http.request.header.x-forwarded-for': 'http_x_forwarded_for',
    'http.request.header.forwarded': 'http_forwarded',
    'user.name': 'remote_user',
    'url.domain': 'http_host',
    'server.address': 'http_host',
    'http.host': 'http_host',
    'url.original': 'request_uri',
    'http.target': 'request_uri',
    'url.path': 'path',
    'url.full': 'url',
    'http.url': 'url',
    'http.url_details.path': 'path',
    'http.url_details.host': 'http_host',
    'url.query': 'query',
    'url.scheme': 'scheme',
    'http.scheme': 'scheme',
    'http.version': 'server_protocol',
    'network.protocol.version': 'server_protocol',
    'http.flavor': 'server_protocol',
    'http.request.method': 'request_method',
    'http.method': 'request_method',
    'http.request.referrer': 'http_referer',
    'http.request.header.referer': 'http_referer',
    'http.referer': 'http_referer',
    'http.request.body.bytes': 'request_length',
    'http.request.bytes': 'request_length',
    'http.request.body.size': 'request_length',
    'network.bytes_read': 'request_length',
    'network.bytes_written': 'bytes_sent',
    'http.request_id': 'request_id',
    'http.request.id': 'request_id',
    'http.response.status_code': 'status',
    'http.status_code': 'status',
    'http.response.body.bytes': 'body_bytes_sent',
    'http.response.bytes': 'bytes_sent',
    'http.response.body.size': 'body_bytes_sent',
    'user_agent.original': 'http_user_agent',
    'http.useragent': 'http_user_agent',
    'http.user_agent': 'http_user_agent',
    'host.name': 'hostname'
  })
)

/** Names that only Datadog has, whose `duration` counts nanoseconds. */
const datadog = new Set(['http.useragent', 'http.referer', 'network.client.ip', 'network.bytes_written'])

/** What a shipper says of itself, and the peer of an event of Suricata, which is no access log. */
const others =
  /^(?:@version$|src_ip$|ecs\.|agent\.|input\.|log\.|event\.|data_stream\.|host\.|elastic_agent\.|cloud\.|container\.)/

export const ecs: Format<Fields> = {
  name: 'ecs',
  matches: (record) =>
    isFields(record.http) ||
    (isFields(record.url) && (record.url.path ?? record.url.original ?? record.source) !== undefined) ||
    hasDots(record),
  read(hit, record, source) {
    const known = emptyRecord()
    const flat = [...flatten(record)]
    const span = flat.some(([name]) => datadog.has(name)) ? 'duration' : 'event.duration'
    for (const [name, value] of flat) {
      const meant = names.get(name)
      // Both count nanoseconds.
      if (name === span && typeof value === 'number') known.duration_s = value / 1e9
      else if (meant !== undefined) known[meant] ??= value
      else if (!others.test(name)) known[name] = value
    }
    readNames(hit, known, source)
  }
}

function hasDots(record: Fields): boolean {
  return ['http.response.status_code', 'http.status_code', 'http.request.method', 'http.method'].some(
    (name) => record[name] !== undefined
  )
}

function* flatten(record: Fields, before = ''): Generator<[string, unknown]> {
  for (const [name, value] of Object.entries(record)) {
    const path = before + name
    if (isFields(value) && path.split('.').length < 5) yield* flatten(value, `${path}.`)
    else yield [path, value]
  }
}
