import nginxFile from '../../forwarders/nginx.conf?raw'
import syslogFile from '../../forwarders/syslog-ng.conf?raw'

export interface Forwarder {
  title: string
  file: string
  text: (origin: string, token: string, site: string) => string
}

/** The files that the tests run, without what they say to those who read them at leisure. */
const essence = (file: string) =>
  file
    .replace(/^\s*#.*\n/gm, '')
    .replace(/ {2}#.*$/gm, '')
    .replace(/\n{2,}/g, '\n')
    .trim()

export const nginx = essence(nginxFile)

const log = '/var/log/nginx/loggia.log'
const portOf = ({ port, protocol }: URL) => port || (protocol === 'https:' ? '443' : '80')

export const forwarders: readonly Forwarder[] = [
  {
    title: 'syslog-ng',
    file: '/etc/syslog-ng/conf.d/loggia.conf',
    text: (origin, token) =>
      essence(syslogFile)
        .replace(/https:[^"]*/, () => origin)
        .replace('lgi_...', () => token)
  },
  {
    title: 'Fluent Bit',
    file: '/etc/fluent-bit/fluent-bit.conf',
    text: (origin, token) => {
      const url = new URL(origin)
      return `[SERVICE]
    storage.path      /var/lib/fluent-bit/loggia
    # After a kill Fluent Bit drops its own chunks as "invalid crc32" if this is on.
    storage.checksum  off
[INPUT]
    Name          tail
    Path          ${log}
    DB            /var/lib/fluent-bit/loggia.db
    storage.type  filesystem
[OUTPUT]
    Name         http
    Match        *
    Host         ${url.hostname}
    Port         ${portOf(url)}
    tls          ${url.protocol === 'https:' ? 'on' : 'off'}
    URI          /api/ingest
    Format       json
    Compress     gzip
    Retry_Limit  no_limits
    Header       Authorization Bearer ${token}`
    }
  },
  {
    title: 'Vector',
    file: '/etc/vector/loggia.yaml',
    text: (origin, token) => `sources:
  loggia_log:
    type: file
    include: [${log}]
sinks:
  loggia:
    type: http
    inputs: [loggia_log]
    uri: ${origin}/api/ingest
    encoding: { codec: text }
    framing: { method: newline_delimited }
    compression: gzip
    auth: { strategy: bearer, token: ${token} }`
  },
  {
    title: 'Grafana Alloy',
    file: '/etc/alloy/config.alloy',
    text: (origin, token) => `loki.source.file "loggia" {
  targets    = [{ __path__ = "${log}" }]
  forward_to = [loki.write.loggia.receiver]
}
loki.write "loggia" {
  endpoint {
    url          = "${origin}/api/loki/loki/api/v1/push"
    bearer_token = "${token}"
  }
}`
  },
  {
    title: 'Filebeat',
    file: '/etc/filebeat/filebeat.yml',
    text: (origin, token) => {
      const url = new URL(origin)
      return `filebeat.inputs:
  - type: filestream
    id: loggia
    paths: [${log}]
setup.template.enabled: false
setup.ilm.enabled: false
output.elasticsearch:
  hosts: ["${url.protocol}//${url.hostname}:${portOf(url)}/api/es"]
  api_key: "loggia:${token}"`
    }
  },
  {
    title: 'OpenTelemetry',
    file: '/etc/otelcol/config.yaml',
    text: (origin, token) => `receivers:
  filelog/loggia:
    include: [${log}]
exporters:
  otlphttp/loggia:
    endpoint: ${origin}/api/otlp
    headers: { authorization: Bearer ${token} }
service:
  pipelines:
    logs: { receivers: [filelog/loggia], exporters: [otlphttp/loggia] }`
  },
  {
    title: 'curl',
    file: 'A log you have, once',
    text: (origin, token) => `gzip -c access.log |
  curl ${origin}/api/ingest \\
    -H 'Authorization: Bearer ${token}' \\
    -H 'Content-Encoding: gzip' --data-binary @-`
  }
]
