import { trustsOf } from '#lib/accept/proxies.ts'
import { clientOf, decideClient, readRoute, routeFields } from '#lib/accept/route.ts'
import type { AcceptedHit } from '#lib/schema/hit.ts'
import { describe, expect, it } from 'vitest'
import { acceptText, hitsOf, record } from './show.ts'

const client = '203.0.113.9'
const forged = '198.51.100.66'
const edge = '172.64.0.9'
const both = ['private', 'cloudflare']

interface Case {
  peer?: string
  xff?: string
  single?: string[]
  list?: string[]
}

const cases: [string, Case, string | null][] = [
  ['a peer alone is the client', { peer: client }, client],
  ['a private peer alone is the client', { peer: '10.0.0.5' }, '10.0.0.5'],
  ['a trusted peer names the client', { peer: '10.0.0.5', xff: client }, client],
  ['an untrusted peer names nobody', { peer: client, xff: forged }, client],
  ['an untrusted peer names nobody by another header', { peer: client, single: [forged] }, client],
  ['what the client forged stands at the left', { peer: '10.0.0.5', xff: `${forged}, ${client}` }, client],
  [
    'trusted proxies in the list are passed over',
    { peer: '10.0.0.5', xff: `${forged}, ${client}, 10.0.0.7` },
    client
  ],
  ['an edge that is not trusted is the client', { peer: '10.0.0.5', xff: `${client}, ${edge}` }, edge],
  [
    'an edge that is trusted is passed over',
    { peer: '10.0.0.5', xff: `${client}, ${edge}`, list: both },
    client
  ],
  ['an edge as peer is the client unless trusted', { peer: edge, xff: client, single: [client] }, edge],
  ['a trusted edge names the client', { peer: edge, single: [client], list: ['cloudflare'] }, client],
  [
    'a forged CF-Connecting-IP loses to the list',
    { peer: '10.0.0.5', xff: client, single: [forged] },
    client
  ],
  [
    'a header counts where the list names proxies only',
    { peer: '10.0.0.5', xff: edge, single: [client], list: both },
    client
  ],
  [
    'the first header that is no proxy counts',
    { peer: '10.0.0.5', single: ['10.0.0.7', client, forged] },
    client
  ],
  ['if all are trusted, the farthest counts', { peer: '10.0.0.5', xff: '10.1.2.3, 10.0.0.7' }, '10.1.2.3'],
  [
    'if all are trusted, the list comes before a header',
    { peer: '10.0.0.5', xff: '10.1.2.3', single: ['10.0.0.7'] },
    '10.1.2.3'
  ],
  [
    'if all are trusted, a header comes before the peer',
    { peer: '10.0.0.5', single: ['10.1.2.3'] },
    '10.1.2.3'
  ],
  ['a hidden hop ends the list', { peer: '10.0.0.5', xff: `${forged}, unknown` }, '10.0.0.5'],
  ['an empty header is none', { peer: '10.0.0.5', xff: '-', single: ['-', ''] }, '10.0.0.5'],
  ['without a peer the list still counts', { xff: `${forged}, ${client}` }, client],
  ['an empty list trusts no private peer', { peer: '10.0.0.5', xff: client, list: [] }, '10.0.0.5'],
  [
    'IPv6 and ports are read',
    { peer: '[fd00::1]:443', xff: '"[2001:db8::7]:4711", 10.0.0.5:80' },
    '2001:db8::7'
  ],
  ['mapped addresses are IPv4', { peer: '::ffff:10.0.0.5', xff: `::ffff:${client}` }, client],
  ['a list before the peer is read from the right', { peer: `${forged}, ${client} 10.0.0.5` }, client],
  ['a list alone is read from the right', { peer: `${forged}, ${client}, 10.0.0.5` }, client],
  ['two addresses with a comma are a list', { peer: `${client}, 10.0.0.5` }, client],
  ['the first of two addresses is the peer', { peer: `${client} ${forged}` }, client],
  ['a private peer before the list is passed over', { peer: `10.0.0.5 ${forged}, ${client}` }, client],
  [
    'the head of a list too long is cut off',
    { peer: '10.0.0.5', xff: `${forged}, ${'10.0.0.7, '.repeat(400)}10.0.0.8` },
    '10.0.0.7'
  ],
  ['no address is no client', { peer: 'x', xff: 'unknown' }, null]
]

it.each(cases)('%s', (_, { peer = null, xff = null, single = [], list = ['private'] }, want) => {
  expect(clientOf(readRoute(peer, xff, single), trustsOf(list))).toBe(want)
})

/** The hit of a body, decided by what a site trusts. */
function decided(body: string, list: string[]): AcceptedHit {
  const [hit, ...more] = hitsOf(acceptText(body))
  if (!hit || more.length) throw new Error(`not one hit in ${body}`)
  decideClient(hit, trustsOf(list))
  return hit
}

const line = (head: string, tail = '') =>
  `${head} - - [15/Jan/2026:10:11:28 +0000] "GET / HTTP/1.1" 200 615 "-" "curl/8.5.0"${tail}`
const caddyOf = (remote: string, headers: object) =>
  JSON.stringify({
    logger: 'http.log.access',
    ts: 1768471886.8,
    request: { remote_ip: remote, client_ip: remote, proto: 'HTTP/2.0', method: 'GET', uri: '/', headers },
    status: 200
  })

const records: [string, string, string[], string][] = [
  ['CF-Connecting-IP', record({ remote_addr: edge, http_cf_connecting_ip: client }), both, client],
  [
    'CF-Connecting-IP of an edge not trusted',
    record({ remote_addr: edge, http_cf_connecting_ip: client }),
    ['private'],
    edge
  ],
  ['True-Client-IP', record({ remote_addr: edge, http_true_client_ip: client }), both, client],
  [
    'X-Real-IP that is the edge, and CF-Connecting-IP',
    record({ remote_addr: '10.0.0.5', http_x_real_ip: edge, http_cf_connecting_ip: client }),
    both,
    client
  ],
  [
    'the PROXY protocol',
    record({ remote_addr: '10.0.0.5', proxy_protocol_addr: client, http_x_forwarded_for: forged }),
    both,
    client
  ],
  [
    'the PROXY protocol of an edge',
    record({ remote_addr: '10.0.0.5', proxy_protocol_addr: edge, http_x_forwarded_for: client }),
    both,
    client
  ],
  [
    'headers that came twice',
    record({ remote_addr: '10.0.0.5', http_x_forwarded_for: [forged, client] }),
    both,
    client
  ],
  [
    'a proxy of one address',
    record({ remote_addr: '198.51.100.1', xff: client }),
    ['198.51.100.1/32'],
    client
  ],
  ['a private peer that is not trusted', record({ remote_addr: '10.0.0.5', xff: client }), [], '10.0.0.5'],
  ['a list behind the agent', line(edge, ` "${forged}, ${client}"`), both, client],
  ['a list behind the agent of an untrusted peer', line(edge, ` "${client}"`), ['private'], edge],
  ['a named header behind the agent', line(edge, ` http_cf_connecting_ip="${client}"`), both, client],
  ['a list in front', line(`${client}, ${edge}, 10.0.0.5`), both, client],
  ['a quoted list in front', line(`"${client}, ${edge}" 10.0.0.5`), both, client],
  ['a list in brackets', line(edge).replace(' - - ', ` - - [${client}] `), both, client],
  ['Caddy', caddyOf(edge, { 'Cf-Connecting-Ip': [client] }), both, client],
  ['Caddy with two headers', caddyOf('10.0.0.5', { 'X-Forwarded-For': [forged, client] }), both, client],
  ['Caddy without trust', caddyOf(edge, { 'X-Forwarded-For': [client] }), ['private'], edge]
]

describe('the client is read from', () => {
  it.each(records)('%s', (_, body, list, want) => {
    expect(decided(body, list).ip).toBe(want)
  })

  it.each(records)('%s, also once the hit was refused and is read again', (_, body, list, want) => {
    const [hit] = hitsOf(acceptText(body))
    const again = JSON.stringify({ ...hit, ...routeFields(hit!) })
    expect(decided(again, list).ip).toBe(want)
  })
})

it('a hit without headers has no route', () => {
  const [hit] = hitsOf(acceptText(line(client)))
  expect(routeFields(hit!)).toEqual({})
})
