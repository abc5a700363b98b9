/** What a value is read as, and the names it goes by; of several present the first counts. */
export const names = {
  time: 'date time_iso8601 time_local @timestamp timestamp time ts datetime event_time start_time started_at asctime request_timestamp created_at _time start',
  msec: 'msec',
  service: 'service',
  host: 'http_host request_host authority :authority vhost host server_name domain',
  ip: 'remote_addr ip client_ip client remote remote_ip source_ip clientip remote_address downstream_remote_address downstream_direct_remote_address client_address client_addr source_address peer_ip src_ip',
  forwarded: 'http_x_forwarded_for x_forwarded_for x-forwarded-for xff',
  standard: 'http_forwarded forwarded',
  clientName: 'client_name remote_host',
  proxied: 'proxy_protocol_addr',
  real: 'http_x_real_ip x_real_ip x-real-ip real_ip',
  cloudflare: 'http_cf_connecting_ip cf_connecting_ip cf-connecting-ip',
  trueClient:
    'http_true_client_ip true_client_ip true-client-ip http_fastly_client_ip fastly_client_ip http_fly_client_ip ' +
    'fly_client_ip http_do_connecting_ip do_connecting_ip http_x_azure_clientip http_x_envoy_external_address ' +
    'x_envoy_external_address http_x_client_ip x_client_ip',
  user: 'remote_user user user_name username',
  method: 'request_method method verb http_method',
  request: 'request request_line',
  target:
    'request_uri path uri url target request_path request_url x_envoy_original_path x_envoy_origin_path',
  query: 'args query query_string request_query uri_query',
  protocol: 'server_protocol protocol http_version request_proto request_protocol proto',
  scheme: 'scheme request_scheme http_scheme',
  status: 'status code status_code response_status response_code http_status response',
  bytes:
    'bytes_sent length size bytes body_bytes_sent body_bytes_size response_size response_length response_body_size bytes_out',
  requestBytes: 'request_length request_bytes bytes_received request_size bytes_in',
  seconds: 'request_time generation_time_milli duration_s',
  millis:
    'duration_ms request_time_ms response_time_ms latency_ms duration response_time took latency_human total_duration',
  upstreamSeconds: 'upstream_response_time',
  upstreamMillis: 'upstream_service_time',
  upstreamStatus: 'upstream_status',
  cache: 'upstream_cache_status cache_status',
  referrer: 'referrer http_referer referer http_referrer',
  agent: 'user_agent http_user_agent agent ua useragent request_user_agent client_ua',
  signedAgent: 'http_signature_agent',
  signedInput: 'http_signature_input',
  signature: 'http_signature',
  server: 'hostname machine server',
  id: 'request_id req_id cf-ray cf_ray trace_id',
  message: 'message msg'
} as const

type Meaning = keyof typeof names
type Place = { [M in Meaning]: number }

/** The index in `Found` of the value of each meaning. */
export const at = Object.fromEntries(Object.keys(names).map((meaning, place) => [meaning, place])) as Place

/** The value of each meaning, in the order of the table: what has a number is found twice as fast as what has a name. */
export type Found = readonly unknown[]

const meanings = Object.keys(names) as Meaning[]

/** Where the value under a key belongs, and its rank among the names of this place: the lowest counts. */
export interface Name {
  place: number
  rank: number
}

const known = new Map<string, Name>()
for (const meaning of meanings) {
  for (const [rank, name] of names[meaning].split(' ').entries())
    known.set(name, { place: at[meaning], rank })
}

/** What a value under a key is read as; undefined for a key that no column wants. */
export function meaningOf(key: string): Meaning | undefined {
  const name = nameOf(key)
  return name && meanings[name.place]
}

/** The place of the meaning of a key and its rank there; keys are spelled in any of the usual ways. */
export function nameOf(key: string): Name | undefined {
  return known.get(key) ?? known.get(snakeOf(key))
}

/** `statusCode`, `StatusCode`, `clientIP`, `status-code` and `Status-Code` in the way of `status_code`. */
function snakeOf(key: string): string {
  if (key.includes('-')) return key.toLowerCase().replaceAll('-', '_')
  return /^[A-Za-z]*[A-Z][A-Za-z]*$/.test(key) ? key.replace(/([a-z])(?=[A-Z])/g, '$1_').toLowerCase() : ''
}
