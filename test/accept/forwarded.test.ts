import { applyPrivacy } from '#lib/accept/privacy.ts'
import { hopsOfForwarded } from '#lib/accept/forwarded.ts'
import { ownFormat } from '#lib/accept/own/own.ts'
import { trustsOf } from '#lib/accept/proxies.ts'
import { decideClient, routeFields } from '#lib/accept/route.ts'
import type { AcceptedHit } from '#lib/schema/hit.ts'
import { describe, expect, it } from 'vitest'
import { acceptText, hitsOf, record } from './show.ts'

const client = '203.0.113.9'
const forged = '198.51.100.66'

it.each([
  ['for=192.0.2.60;proto=http;by=203.0.113.43', '192.0.2.60'],
  ['For="[2001:db8:cafe::17]:4711"', '[2001:db8:cafe::17]:4711'],
  ['for=192.0.2.43, for=198.51.100.17;by=203.0.113.60;proto=http', '192.0.2.43,198.51.100.17'],
  ['for=_gazonk', '_gazonk'],
  ['for=unknown', 'unknown'],
  ['for="192.0.2.60:80" ; Proto = https', '192.0.2.60:80'],
  ['proto=https;host="example.com"', 'unknown'],
  ['for=192.0.2.1;for=192.0.2.2', 'unknown'],
  ['for=', 'unknown'],
  ['for="', 'unknown'],
  // The client's quote hides nothing of what the proxy added.
  ['for=", for=192.0.2.60', 'unknown,192.0.2.60'],
  ['for="a;b\\", for=192.0.2.60', 'unknown,192.0.2.60'],
  ['host="a, b";for=192.0.2.1', 'unknown,192.0.2.1'],
  ['192.0.2.60, 10.0.0.1', '192.0.2.60,10.0.0.1'],
  ['two words', 'unknown'],
  ['', '']
])('%s lists %s', (header, hops) => {
  expect(hopsOfForwarded(header)).toBe(hops)
})

const standard = `for=${forged}, for="[2001:db8::1]:4711";proto=https, for=10.0.0.7`
const line = (tail: string, peer = '10.0.0.5') =>
  `${peer} - - [15/Jan/2026:10:11:28 +0000] "GET / HTTP/1.1" 200 615 "-" "curl/8.5.0" ${tail}`
const headers = (forwarded: string | string[]) =>
  JSON.stringify({
    logger: 'http.log.access',
    ts: 1768471886.8,
    request: {
      remote_ip: '10.0.0.5',
      proto: 'HTTP/2.0',
      method: 'GET',
      uri: '/',
      headers: { Forwarded: forwarded }
    },
    status: 200
  })

const bodies: [string, string, string | null][] = [
  ['a key of JSON', record({ remote_addr: '10.0.0.5', forwarded: standard }), '2001:db8::1'],
  ["nginx's variable", record({ remote_addr: '10.0.0.5', http_forwarded: standard }), '2001:db8::1'],
  ['a peer that is not trusted', record({ remote_addr: client, forwarded: standard }), client],
  ['a record without a peer', record({ forwarded: standard }), '2001:db8::1'],
  ['a hidden hop', record({ remote_addr: '10.0.0.5', forwarded: 'for=192.0.2.1, for=_hidden' }), '10.0.0.5'],
  [
    'a record with X-Forwarded-For',
    record({ remote_addr: '10.0.0.5', xff: client, forwarded: `for=${forged}` }),
    client
  ],
  [
    'a record with X-Forwarded-For that is empty',
    record({ remote_addr: '10.0.0.5', xff: '-', forwarded: `for=${client}` }),
    client
  ],
  [
    'the PROXY protocol',
    record({ remote_addr: '10.0.0.5', proxy_protocol_addr: client, forwarded: `for=${forged}` }),
    client
  ],
  ["Caddy's headers", headers([standard]), '2001:db8::1'],
  ["Caddy's header that came twice", headers([`for=${forged}`, `for=${client}`]), client],
  [
    'Kong',
    JSON.stringify({
      client_ip: '10.0.0.5',
      request: { uri: '/', headers: { forwarded: standard } },
      response: { status: 200 }
    }),
    '2001:db8::1'
  ],
  [
    'Traefik',
    JSON.stringify({
      ClientHost: '10.0.0.5',
      RequestPath: '/',
      DownstreamStatus: 200,
      request_Forwarded: standard
    }),
    '2001:db8::1'
  ],
  [
    'semantic conventions',
    JSON.stringify({
      'client.address': '10.0.0.5',
      'url.path': '/',
      'http.response.status_code': 200,
      'http.request.header.forwarded': [standard]
    }),
    '2001:db8::1'
  ],
  ['LTSV', `host:10.0.0.5\treq:GET / HTTP/1.1\tstatus:200\tforwarded:${standard}`, '2001:db8::1'],
  [
    'W3C',
    `#Fields: date time c-ip cs-uri-stem sc-status cs(Forwarded)\n2026-01-15 10:11:12 10.0.0.5 / 200 for=${client}`,
    client
  ],
  ['a name behind the agent', line(`forwarded="${standard.replaceAll('"', '\\x22')}"`), '2001:db8::1'],
  ['quotes behind the agent', line(`"${standard.replaceAll('"', '\\"')}"`), '2001:db8::1'],
  ['quotes behind the agent of a stranger', line(`"for=${forged}"`, client), client],
  ['a line with both', line(`http_forwarded="for=${forged}" xff="${client}"`), client],
  ['a line with an empty one', line('http_forwarded="-"'), '10.0.0.5']
]

function decided(body: string, proxies: string[]): AcceptedHit {
  const [hit, ...more] = hitsOf(acceptText(body))
  if (!hit || more.length) throw new Error(`not one hit in ${body}`)
  decideClient(hit, trustsOf(proxies))
  return hit
}

describe('the client behind `Forwarded` is read from', () => {
  it.each(bodies)('%s', (_, body, want) => {
    expect(decided(body, ['private']).ip).toBe(want)
  })

  it.each(bodies)('%s, also once the hit was refused and is read again', (_, body, want) => {
    const [hit] = hitsOf(acceptText(body))
    expect(decided(JSON.stringify({ ...hit, ...routeFields(hit!) }), ['private']).ip).toBe(want)
  })

  it("a line in nginx's format", () => {
    const formats = [ownFormat('$remote_addr|$request_uri|$status|$http_forwarded')]
    const [hit] = hitsOf(acceptText(`10.0.0.5|/a|200|for=${client};proto=https`, { formats }))
    expect(hit).toMatchObject({ ip: client, path: '/a' })
  })

  it('a proxy that the site does not trust only as its own address', () => {
    expect(decided(record({ remote_addr: '10.0.0.5', forwarded: `for=${client}` }), []).ip).toBe('10.0.0.5')
  })
})

it('the header is kept, but not where the site cuts addresses', () => {
  const [hit] = hitsOf(acceptText(record({ remote_addr: '10.0.0.5', forwarded: standard })))
  expect(JSON.parse(hit!.extra!)).toEqual({ http_forwarded: standard })
  applyPrivacy(hit!, { ip_mode: 'truncated', keeps_remote_user: false })
  expect(hit!.extra).toBeNull()
})
