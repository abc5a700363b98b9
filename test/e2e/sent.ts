/** What a forwarder sends requests with. */
export interface Sent {
  url: string
  headers: Record<string, string>
}

const found = (text: string, pattern: RegExp) => {
  const match = pattern.exec(text)
  if (match === null) throw new Error(`the snippet has no ${pattern}\n${text}`)
  return match[1]!
}

/** A header as Fluent Bit has it: a name, a blank, and all the rest. */
function readHeader(line: string): Record<string, string> {
  const [name = '', ...value] = line.split(' ')
  return { [name]: value.join(' ') }
}

const json = { 'Content-Type': 'application/json' }
const gzip = { 'Content-Encoding': 'gzip' }

function fluentBit(text: string): Sent {
  const setting = (name: string) => found(text, new RegExp(`^ *${name}:? +'?([^'\\n]+?)'?$`, 'im'))
  const scheme = setting('tls') === 'on' ? 'https' : 'http'
  return {
    url: `${scheme}://${setting('host')}:${setting('port')}${setting('uri')}`,
    headers: {
      ...json,
      ...(setting('compress') === 'gzip' && gzip),
      ...readHeader(setting('header')),
      'User-Agent': 'Fluent-Bit'
    }
  }
}

/** What each program makes of its snippet, by the program's own rules. */
export const readers: Record<string, (text: string) => Sent> = {
  'Fluent Bit': fluentBit,
  'Fluent Bit (.conf)': fluentBit,
  Docker: fluentBit,
  Vector: (text) => ({
    url: found(text, /uri: (\S+)/),
    headers: {
      'Content-Type': 'text/plain',
      ...(found(text, /compression: (\S+)/) === 'gzip' && gzip),
      Authorization: `Bearer ${found(text, /strategy: bearer, token: (\S+)/)}`
    }
  }),
  Logstash: (text) => ({
    url: found(text, /url => "([^"]+)"/),
    headers: { ...json, Authorization: found(text, /"Authorization" => "([^"]+)"/) }
  }),
  Fluentd: (text) => ({
    url: found(text, /endpoint (\S+)/),
    headers: {
      ...(JSON.parse(found(text, /headers (\{.*\})/)) as Record<string, string>),
      'Content-Type': 'application/x-ndjson'
    }
  }),
  Filebeat: (text) => ({
    url: `${found(text, /hosts: \['([^']+)'\]/)}/_bulk?site=${found(text, /parameters: \{ site: "([^"]+)" \}/)}`,
    headers: {
      'Content-Type': 'application/vnd.elasticsearch+json; compatible-with=8',
      Authorization: `ApiKey ${Buffer.from(found(text, /api_key: '([^']+)'/)).toString('base64')}`,
      ...gzip
    }
  }),
  'Grafana Alloy': (text) => ({
    url: found(text, /url +="? *"([^"]+)"/),
    headers: {
      'Content-Type': 'application/x-protobuf',
      Authorization: `Bearer ${found(text, /bearer_token += "([^"]+)"/)}`
    }
  }),
  OpenTelemetry: (text) => ({
    url: found(text, /logs_endpoint: (\S+)/),
    headers: { ...json, Authorization: found(text, /Authorization: ([^}]+?) \}/), ...gzip }
  }),
  'Cloudflare Logpush': (text) => {
    const { origin, pathname, searchParams } = new URL(found(text, /"destination_conf": "([^"]+)"/))
    const headers: Record<string, string> = { ...gzip }
    for (const [name, value] of [...searchParams]) {
      if (!name.startsWith('header_')) continue
      headers[name.slice('header_'.length)] = value
      searchParams.delete(name)
    }
    return { url: `${origin}${pathname}?${searchParams.toString()}`, headers }
  }
}
