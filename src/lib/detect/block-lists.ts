import { readNetwork } from '#lib/filter/network.ts'

/** An address that attacked. */
export interface Attacker {
  ip: string
  attacks: number
  /** The family of probes that it sent most, as people call it. */
  title: string
}

/** An address or a network to block. */
export interface Blocked {
  /** In the notation of networks, also for one address. */
  network: string
  version: 4 | 6
  attacks: number
  addresses: number
  title: string
}

/** Networks that no list may block: one's own, those of protocols, and those of documents. */
const reserved = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
  '::/8',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8'
].map((network) => readNetwork(network)!)

/** False for what is no address, and for addresses that are not of the public internet. */
export function isPublic(ip: string): boolean {
  const network = ip.includes('/') ? null : readNetwork(ip)
  return network !== null && !reserved.some(([, from, to]) => network[1] >= from && network[1] <= to)
}

/** So many addresses of 256 are worth blocking all. */
const fewOfRange = 3

/**
 * What to block, most attacks first. An IPv6 address stands for its network of 64 bits, which one customer has; three
 * addresses of a network of 24 bits stand for it if `isGrouped`.
 */
export function blocksOf(attackers: readonly Attacker[], isGrouped: boolean): Blocked[] {
  const all = attackers.filter(({ ip }) => isPublic(ip))
  const ranges = Map.groupBy(all, ({ ip }) => rangeOf(ip))
  return [...ranges]
    .flatMap(([range, some]) => {
      const isOne = range.endsWith('/64') || (isGrouped && some.length >= fewOfRange)
      return isOne ? [blockOf(range, some)] : some.map((one) => blockOf(`${one.ip}/32`, [one]))
    })
    .sort((a, b) => b.attacks - a.attacks || (a.network < b.network ? -1 : 1))
}

function blockOf(network: string, some: readonly Attacker[]): Blocked {
  const attacks = some.reduce((sum, { attacks }) => sum + attacks, 0)
  const worst = some.reduce((most, one) => (one.attacks > most.attacks ? one : most))
  const version = network.includes(':') ? 6 : 4
  return { network, version, attacks, addresses: some.length, title: worst.title }
}

/** The network of 24 bits in IPv4, of 64 in IPv6. */
function rangeOf(ip: string): string {
  if (!ip.includes(':')) return ip.replace(/\d+$/, '0/24')
  const wide = readNetwork(ip)![1].slice(1, 17)
  const groups = wide.match(/.{4}/g)!.map((group) => parseInt(group, 16).toString(16))
  return `${groups.join(':').replace(/(?::0)+$/, '')}::/64`
}

/** What a list says about itself. */
export interface Heading {
  site: string
  /** Milliseconds since 1970, UTC. */
  at: number
  /** How long the blocks hold, where a format can say so. */
  days: number
}

export interface BlockFormat {
  readonly name: string
  readonly title: string
  /** Where to put it, or how to load it. */
  readonly use: string
  readonly file: string
  readonly write: (blocks: readonly Blocked[], heading: Heading) => string
}

const remark = (blocks: readonly Blocked[], { site, at }: Heading) => [
  `# Loggia, ${site.replace(/[^\w.*-]/g, '_')}, ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
  `# Entries: ${blocks.length}, addresses: ${blocks.reduce((sum, { addresses }) => sum + addresses, 0)}`
]
const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('')
const bare = ({ network }: Blocked) => network.replace(/\/32$/, '')
const ofVersion = (blocks: readonly Blocked[], version: 4 | 6) =>
  blocks.filter((block) => block.version === version)

/** Cloudflare takes expressions of so many characters. */
const longestExpression = 4_096

function cloudflare(blocks: readonly Blocked[]): string {
  const [head, tail] = ['(ip.src in {', '})']
  const expressions: string[] = []
  for (const block of blocks) {
    const last = expressions.at(-1)
    const longer = `${last} ${bare(block)}`
    if (last !== undefined && longer.length + tail.length <= longestExpression)
      expressions.splice(-1, 1, longer)
    else expressions.push(head + bare(block))
  }
  return text(expressions.map((expression) => expression + tail))
}

function nftables(blocks: readonly Blocked[], heading: Heading): string {
  const sets = ([4, 6] as const).flatMap((version) => {
    const some = ofVersion(blocks, version).map(bare)
    return [
      `  set blocked${version} {`,
      `    type ipv${version}_addr`,
      '    flags interval',
      ...(some.length ? [`    elements = { ${some.join(', ')} }`] : []),
      '  }'
    ]
  })
  return text([
    ...remark(blocks, heading),
    'table inet loggia',
    'delete table inet loggia',
    'table inet loggia {',
    ...sets,
    '  chain input {',
    '    type filter hook input priority -10; policy accept;',
    '    ip saddr @blocked4 drop',
    '    ip6 saddr @blocked6 drop',
    '  }',
    '}'
  ])
}

export const blockFormats: readonly BlockFormat[] = [
  {
    name: 'nginx',
    title: 'nginx',
    use: 'Include it in http, server or location.',
    file: 'loggia-deny.conf',
    write: (blocks, heading) =>
      text([
        ...remark(blocks, heading),
        ...blocks.map((block) => `deny ${bare(block)}; # ${block.attacks} × ${block.title}`)
      ])
  },
  {
    name: 'cidr',
    title: 'CIDR',
    use: 'One network a line.',
    file: 'loggia-networks.txt',
    write: (blocks) => text(blocks.map(({ network }) => network))
  },
  {
    name: 'ipset',
    title: 'ipset',
    use: 'Load it with ipset restore, and drop both sets in iptables and ip6tables.',
    file: 'loggia.ipset',
    write: (blocks) =>
      text([
        'create -exist loggia4 hash:net family inet',
        'create -exist loggia6 hash:net family inet6',
        ...blocks.map((block) => `add -exist loggia${block.version} ${bare(block)}`)
      ])
  },
  {
    name: 'nftables',
    title: 'nftables',
    use: 'Load it with nft -f. It replaces the table loggia.',
    file: 'loggia.nft',
    write: nftables
  },
  {
    name: 'cloudflare',
    title: 'Cloudflare',
    use: 'An expression for a custom rule with the action Block. Each line is a rule.',
    file: 'loggia-cloudflare.txt',
    write: cloudflare
  },
  {
    name: 'crowdsec',
    title: 'CrowdSec',
    use: 'Load it with cscli decisions import -i.',
    file: 'loggia-decisions.json',
    write: (blocks, { days }) =>
      JSON.stringify(
        blocks.map((block) => ({
          duration: `${days * 24}h`,
          reason: `Loggia: ${block.title}, ${block.attacks} requests`,
          scope: block.network.endsWith('/32') ? 'ip' : 'range',
          type: 'ban',
          value: bare(block)
        })),
        null,
        2
      ) + '\n'
  },
  {
    name: 'fail2ban',
    title: 'fail2ban',
    use: 'Put the name of your jail into the first line, then run it with sh.',
    file: 'loggia-fail2ban.sh',
    write: (blocks, heading) =>
      text([
        'JAIL=recidive',
        ...remark(blocks, heading),
        ...blocks.map((block) => `fail2ban-client set "$JAIL" banip ${bare(block)}`)
      ])
  }
]
