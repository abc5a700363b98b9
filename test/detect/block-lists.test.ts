import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { blockFormats, blocksOf, isPublic, type Attacker } from '#lib/detect/block-lists.ts'
import { which } from '../../cli/process.ts'
import { needs } from '../needs.ts'

const attacker = (ip: string, attacks = 1, title = 'Secret files'): Attacker => ({ ip, attacks, title })
const heading = { site: 'shop', at: Date.parse('2026-11-30T12:34:56Z'), days: 7 }
const write = (name: string, attackers: readonly Attacker[]) =>
  blockFormats.find((format) => format.name === name)!.write(blocksOf(attackers, true), heading)

const some = [attacker('8.8.4.4', 3), attacker('2a00:1450::5', 2, 'SQL injection'), attacker('9.9.9.9')]

describe('what to block', () => {
  it('is never a private address, nor what is no address', () => {
    const never = [
      ...[
        '10.1.2.3',
        '127.0.0.1',
        '192.168.1.1',
        '172.16.0.1',
        '172.31.255.255',
        '100.64.0.1',
        '169.254.1.1'
      ],
      ...['224.0.0.1', '255.255.255.255', '0.0.0.0', '::1', '::', 'fd00::1', 'fe80::1', 'ff02::1'],
      ...['', 'pool-7.example.net', '1.2.3.4; allow all', '8.8.8.0/24', '1.2.3']
    ]
    expect(never.filter(isPublic)).toEqual([])
    expect(
      blocksOf(
        never.map((ip) => attacker(ip)),
        true
      )
    ).toEqual([])
    expect(['8.8.8.8', '172.15.0.1', '172.32.0.1', '100.128.0.1', '2a00:1450::1'].every(isPublic)).toBe(true)
  })

  it('is the network of 64 bits of an address of IPv6', () => {
    const two = [attacker('2a00:1450:1:2::5', 1), attacker('2a00:1450:1:2:ffff::1', 4, 'WordPress')]
    expect(blocksOf(two, false)).toEqual([
      { network: '2a00:1450:1:2::/64', version: 6, attacks: 5, addresses: 2, title: 'WordPress' }
    ])
    expect(blocksOf([attacker('2a00::5')], false)[0]!.network).toBe('2a00::/64')
  })

  it('is the network of 24 bits of three addresses, if one wants so', () => {
    const three = [1, 2, 3].map((last) => attacker(`8.8.8.${last}`, last))
    expect(blocksOf(three, true).map(({ network }) => network)).toEqual(['8.8.8.0/24'])
    expect(blocksOf(three, false).map(({ network }) => network)).toEqual([
      '8.8.8.3/32',
      '8.8.8.2/32',
      '8.8.8.1/32'
    ])
    expect(blocksOf(three.slice(1), true)).toHaveLength(2)
  })
})

describe('a list', () => {
  it('for nginx', () => {
    expect(write('nginx', some)).toBe(`# Loggia, shop, 2026-11-30 12:34 UTC
# Entries: 3, addresses: 3
deny 8.8.4.4; # 3 × Secret files
deny 2a00:1450::/64; # 2 × SQL injection
deny 9.9.9.9; # 1 × Secret files
`)
  })

  it('of networks', () => {
    expect(write('cidr', some)).toBe('8.8.4.4/32\n2a00:1450::/64\n9.9.9.9/32\n')
  })

  it('for ipset and nftables has a set for each version', () => {
    expect(write('ipset', some)).toBe(`create -exist loggia4 hash:net family inet
create -exist loggia6 hash:net family inet6
add -exist loggia4 8.8.4.4
add -exist loggia6 2a00:1450::/64
add -exist loggia4 9.9.9.9
`)
    expect(write('nftables', some)).toContain('elements = { 8.8.4.4, 9.9.9.9 }')
    expect(write('nftables', some)).toContain('elements = { 2a00:1450::/64 }')
    expect(write('nftables', [])).not.toContain('elements')
  })

  it('for Cloudflare is as long as Cloudflare takes', () => {
    expect(write('cloudflare', some)).toBe('(ip.src in {8.8.4.4 2a00:1450::/64 9.9.9.9})\n')
    const many = Array.from({ length: 600 }, (_, i) => attacker(`100.${i % 60}.${i % 250}.${100 + (i % 99)}`))
    const lines = write('cloudflare', many).trimEnd().split('\n')
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines) {
      expect(line).toMatch(/^\(ip\.src in \{[\d. /]+\}\)$/)
      expect(line.length).toBeLessThanOrEqual(4_096)
    }
  })

  it('for CrowdSec and fail2ban', () => {
    expect(JSON.parse(write('crowdsec', some))).toMatchObject([
      { duration: '168h', scope: 'ip', type: 'ban', value: '8.8.4.4' },
      { scope: 'range', value: '2a00:1450::/64' },
      { scope: 'ip', value: '9.9.9.9' }
    ])
    expect(write('fail2ban', some)).toContain('fail2ban-client set "$JAIL" banip 2a00:1450::/64\n')
  })

  it('of nothing names no address', () => {
    for (const { name } of blockFormats) expect(write(name, [])).not.toMatch(/\d+\.\d+\.\d+/)
  })
})

needs('nginx')('nginx', () => {
  it('takes the list', () => {
    const folder = mkdtempSync(join(tmpdir(), 'loggia-deny-'))
    try {
      writeFileSync(join(folder, 'deny.conf'), write('nginx', some))
      const head = `pid ${folder}/pid; error_log ${folder}/error.log; events {}`
      writeFileSync(
        join(folder, 'nginx.conf'),
        `${head} http { access_log off; include ${folder}/deny.conf; }`
      )
      const { status, stderr } = spawnSync(which('nginx')!, [
        '-t',
        '-p',
        folder,
        '-c',
        join(folder, 'nginx.conf')
      ])
      expect(status, stderr.toString()).toBe(0)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
