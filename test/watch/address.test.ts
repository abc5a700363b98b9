import { expect, test } from 'vitest'
import { addressProblem } from '../../workers/watch/address.ts'

const refused: readonly (readonly [why: string, ...addresses: string[]])[] = [
  [
    'loop-back in every spelling',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://017700000001/',
    'https://127.0.0.1./',
    'https://127.255.255.254/',
    'https://１２７.0.0.1/',
    'https://127。0。0。1/',
    'https://%31%32%37.0.0.1/'
  ],
  [
    'this machine by name',
    'https://localhost/',
    'https://LOCALHOST/',
    'https://localhost./',
    'https://localhost../',
    'https://a.localhost/',
    'https://a.localhost./',
    'https://localhost.localdomain/',
    'https://ⓛocalhost/'
  ],
  [
    'private networks',
    'https://10.0.0.1/',
    'https://10.255.255.255/',
    'https://172.16.0.1/',
    'https://172.31.255.255/',
    'https://192.168.1.1/',
    'https://192.168.257/',
    'https://3232235777/',
    'https://0xc0a80101/',
    'https://0300.0250.1.1/',
    'https://100.64.0.1/',
    'https://198.18.0.1/'
  ],
  [
    'the metadata service',
    'https://169.254.169.254/latest/meta-data/',
    'https://2852039166/',
    'https://0xa9fea9fe/',
    'https://metadata.google.internal/',
    'https://[fd00:ec2::254]/',
    'https://100.100.100.200/'
  ],
  [
    'no address, broadcast and multicast',
    'https://0.0.0.0/',
    'https://0/',
    'https://255.255.255.255/',
    'https://224.0.0.1/',
    'https://240.0.0.1/'
  ],
  [
    'IPv6, also where IPv4 is in it',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[0:0:0:0:0:ffff:0a00:0001]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[fe80::1]/',
    'https://[fc00::1]/',
    'https://[2002:7f00:1::]/',
    'https://[2606:4700::1111]/'
  ],
  ['public addresses without a name', 'https://1.1.1.1/', 'https://16843009/'],
  [
    'names of a network of its own',
    'https://intranet/',
    'https://printer.local/',
    'https://db.internal/',
    'https://nas.lan/',
    'https://router.home.arpa/',
    'https://router.home.arpa./'
  ],
  [
    'user information',
    'https://user@example.com/',
    'https://user:word@example.com/',
    'https://example.com@127.0.0.1/',
    'https://:word@example.com/'
  ],
  ['another port', 'https://example.com:8443/', 'https://example.com:22/', 'https://example.com:80/'],
  [
    'another protocol',
    'http://example.com/',
    'http://localhost:8080/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'data:text/plain,a',
    'javascript:alert(1)',
    'ws://example.com/',
    'gopher://example.com/'
  ],
  [
    'no address at all',
    '',
    'example.com',
    '//example.com/',
    'https://',
    'https://exa mple.com/',
    'https://999.1.1.1/',
    `https://example.com/${'a'.repeat(2_100)}`
  ]
]

test.each(refused.flatMap(([why, ...addresses]) => addresses.map((address) => [why, address])))(
  '%s is refused: %s',
  (_, address) => {
    expect(addressProblem(address, false)).not.toBeNull()
  }
)

test.each([
  'https://example.com/hook',
  'https://example.com:443/hook?key=1',
  'https://hooks.slack.com/services/T0/B0/x',
  'https://discord.com/api/webhooks/1/x',
  'https://ntfy.sh/topic',
  'https://bücher.example/',
  'https://10.example.com/',
  'https://localhost.example.com/',
  'https://example.com./'
])('a public host is allowed: %s', (address) => {
  expect(addressProblem(address, false)).toBeNull()
})

test.each([
  ['http://localhost:8080/hook', true],
  ['http://127.0.0.1:9/', true],
  ['http://2130706433:9/', true],
  ['http://[::1]:9/', true],
  ['http://127.0.0.2:9/', false],
  ['http://localhost.:9/', false],
  ['http://192.168.1.1/', false],
  ['http://169.254.169.254/', false],
  ['http://user@localhost/', false],
  ['https://localhost/', false],
  ['https://192.168.1.1/', false]
])('on a machine of one’s own only http to itself is allowed besides: %s %s', (address, isAllowed) => {
  expect(addressProblem(address, true) === null).toBe(isAllowed)
})
