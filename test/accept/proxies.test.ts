import { mostProxies, proxyPresets, readProxies, trustsOf } from '#lib/accept/proxies.ts'
import { expect, it } from 'vitest'

const listed: [string, string[]][] = [
  ['203.0.113.7', ['203.0.113.7/32']],
  [' 203.0.113.7/24 ', ['203.0.113.0/24']],
  ['2001:DB8::1/32', ['2001:db8::/32']],
  ['::ffff:203.0.113.7/120', ['203.0.113.0/24']],
  ['::ffff:203.0.113.7', ['203.0.113.7/32']],
  ['cloudflare', ['cloudflare']],
  ['private', ['private']]
]

it.each(listed)('%s becomes %j', (entry, want) => {
  expect(readProxies([entry])).toEqual(want)
})

const wrong = [
  '',
  'proxy.example',
  '203.0.113.0/33',
  '2001:db8::/129',
  '::ffff:203.0.113.7/95',
  '203.0.113.7:80',
  '::ffff:203.0.113.7:80',
  '2001:db8::7:54321',
  '203.0.113.0/',
  '203.0.113.0/-1',
  '10.0.0',
  'Cloudflare Inc',
  'toString',
  '203.0.113.1, 203.0.113.2'
]

it.each(wrong)('%j is refused by name', (entry) => {
  expect(readProxies(['private', entry])).toContain(JSON.stringify(entry))
})

it.each(['0.0.0.0/0', '::/0', '::ffff:0:0/96'])('%s would trust everyone and is refused', (entry) => {
  expect(readProxies([entry])).toContain('every address')
})

it('keeps each entry once, and at most so many', () => {
  expect(readProxies(['private', '10.0.0.1', '10.0.0.1/32'])).toEqual(['private', '10.0.0.1/32'])
  expect(readProxies(Array<string>(mostProxies).fill('private'))).toEqual(['private'])
  expect(readProxies(Array<string>(mostProxies + 1).fill('private'))).toMatch(/the most is 64/)
  expect(readProxies([])).toEqual([])
})

const edges: [string, string, boolean][] = [
  ['203.0.113.0/24', '203.0.113.0', true],
  ['203.0.113.0/24', '203.0.113.255', true],
  ['203.0.113.0/24', '203.0.112.255', false],
  ['203.0.113.0/24', '203.0.114.0', false],
  ['172.64.0.0/13', '172.71.255.255', true],
  ['172.64.0.0/13', '172.72.0.0', false],
  ['172.64.0.0/13', '172.63.255.255', false],
  ['203.0.113.7/32', '203.0.113.7', true],
  ['203.0.113.7/32', '203.0.113.6', false],
  ['203.0.113.7/32', '::ffff:203.0.113.7', true],
  ['2a06:98c0::/29', '2a06:98c7:ffff:ffff:ffff:ffff:ffff:ffff', true],
  ['2a06:98c0::/29', '2a06:98c8::', false],
  ['2001:db8::1/128', '2001:db8:0::1', true],
  ['2001:db8::1/128', '2001:db8::2', false],
  // The first 32 bits are those of 203.0.113.0/24.
  ['203.0.113.0/24', 'cb00:7100::', false],
  ['cb00:7100::/24', '203.0.113.0', false],
  ['private', '10.255.255.255', true],
  ['private', '172.32.0.0', false],
  ['private', 'fd00::1', true],
  ['private', '::1', true],
  ['cloudflare', '10.0.0.1', false],
  ['cloudflare', '162.159.255.255', true],
  ['cloudflare', '162.160.0.0', false],
  ['cloudflare', '2606:4700::1', true],
  ['cloudflare', '203.0.113.7', false]
]

it.each(edges)('%s and %s: %s', (network, address, isInside) => {
  expect(trustsOf([network])(address)).toBe(isInside)
})

it('an empty list trusts nobody', () => {
  for (const address of ['10.0.0.1', '127.0.0.1', '::1', '172.64.0.1'])
    expect(trustsOf([])(address)).toBe(false)
})

it('the networks of a preset are in their one spelling', () => {
  for (const networks of Object.values(proxyPresets)) expect(readProxies(networks)).toEqual(networks)
})
