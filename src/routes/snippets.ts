const shipped = import.meta.glob<string>('../../forwarders/*/*', {
  query: '?raw',
  import: 'default',
  eager: true
})

/** A file of `forwarders/` and where it goes. */
export interface Snippet {
  to: string
  text: string
}

export interface Program {
  title: string
  files: readonly Snippet[]
  /** What makes it take effect. */
  then: string
}

/** A server that writes a log. */
export interface Server extends Program {
  log: string
  /** Its lines name their site in `service`. */
  namesSite: boolean
}

/** A program that sends a log. */
export interface Forwarder extends Program {
  /** It brings lines of its own; others read the log of a server. */
  isAlone: boolean
}

const place = (to: string, file: string): Snippet => ({ to, text: shipped[`../../forwarders/${file}`]! })

export const servers: readonly Server[] = [
  {
    title: 'nginx',
    files: [place('/etc/nginx/conf.d/loggia.conf', 'nginx/loggia.conf')],
    then: 'nginx -t && systemctl reload nginx',
    log: '/var/log/nginx/loggia.log',
    namesSite: true
  },
  {
    title: 'Apache',
    files: [place('/etc/apache2/conf-available/loggia.conf', 'apache/loggia.conf')],
    then: 'a2enmod unique_id && a2enconf loggia && systemctl reload apache2',
    log: '/var/log/apache2/loggia.log',
    namesSite: true
  },
  {
    title: 'Caddy',
    files: [place('/etc/caddy/Caddyfile, with `import loggia` in each site', 'caddy/Caddyfile')],
    then: 'systemctl reload caddy',
    log: '/var/log/caddy/loggia.log',
    namesSite: false
  },
  {
    title: 'Traefik',
    files: [place('/etc/traefik/traefik.yaml', 'traefik/traefik.yaml')],
    then: 'systemctl restart traefik',
    log: '/var/log/traefik/loggia.log',
    namesSite: false
  },
  {
    title: 'HAProxy',
    files: [place('/etc/haproxy/haproxy.cfg, in each frontend', 'haproxy/loggia.cfg')],
    then: 'systemctl reload haproxy',
    log: '/var/log/haproxy.log',
    namesSite: false
  }
]

export const forwarders: readonly Forwarder[] = [
  {
    title: 'syslog-ng',
    files: [place('/etc/syslog-ng/conf.d/loggia.conf', 'syslog-ng/loggia.conf')],
    then: 'apt install syslog-ng-core syslog-ng-mod-http && systemctl restart syslog-ng',
    isAlone: false
  },
  {
    title: 'rsyslog',
    files: [
      place('/etc/rsyslog.d/loggia.conf', 'rsyslog/loggia.conf'),
      place('/usr/local/bin/loggia.sh', 'rsyslog/loggia.sh')
    ],
    then: 'chmod 755 /usr/local/bin/loggia.sh && systemctl restart rsyslog',
    isAlone: false
  },
  {
    title: 'Fluent Bit',
    files: [place('/etc/fluent-bit/fluent-bit.yaml', 'fluent-bit/fluent-bit.yaml')],
    then: 'systemctl restart fluent-bit',
    isAlone: false
  },
  {
    title: 'Fluent Bit (.conf)',
    files: [place('/etc/fluent-bit/fluent-bit.conf', 'fluent-bit/fluent-bit.conf')],
    then: 'fluent-bit -c /etc/fluent-bit/fluent-bit.conf',
    isAlone: false
  },
  {
    title: 'Vector',
    files: [place('/etc/vector/loggia.yaml', 'vector/loggia.yaml')],
    then: 'vector --config /etc/vector/loggia.yaml',
    isAlone: false
  },
  {
    title: 'Filebeat',
    files: [place('/etc/filebeat/filebeat.yml', 'filebeat/filebeat.yml')],
    then: 'systemctl restart filebeat',
    isAlone: false
  },
  {
    title: 'Logstash',
    files: [place('/etc/logstash/conf.d/loggia.conf', 'logstash/loggia.conf')],
    then: 'echo "queue.type: persisted" >> /etc/logstash/logstash.yml && systemctl restart logstash',
    isAlone: false
  },
  {
    title: 'Fluentd',
    files: [place('/etc/fluent/fluentd.conf', 'fluentd/loggia.conf')],
    then: 'systemctl restart fluentd',
    isAlone: false
  },
  {
    title: 'Grafana Alloy',
    files: [place('/etc/alloy/config.alloy', 'alloy/config.alloy')],
    then: 'systemctl reload alloy',
    isAlone: false
  },
  {
    title: 'OpenTelemetry',
    files: [place('/etc/otelcol-contrib/config.yaml', 'opentelemetry/config.yaml')],
    then: 'mkdir -p /var/lib/otelcol && systemctl restart otelcol-contrib',
    isAlone: false
  },
  {
    title: 'Docker',
    files: [place('compose.yaml', 'docker/compose.yaml')],
    then: 'docker compose up -d',
    isAlone: true
  },
  {
    title: 'Cloudflare Logpush',
    files: [place('Once, with a zone and a token of Cloudflare', 'logpush/create-job.sh')],
    then: '',
    isAlone: true
  },
  {
    title: 'curl',
    files: [place('A log you have, once', 'curl/send.sh')],
    then: '',
    isAlone: true
  }
]
