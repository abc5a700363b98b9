import { groupsOf, isPrivate, maskAddress, maskOf, readBareAddress } from './address.ts'

/** Whether an address is that of a proxy whose headers are believed. */
export type Trusts = (address: string) => boolean

/** Networks that go by a name in a list of trusted proxies. */
export const proxyPresets = {
  private: [],
  // https://www.cloudflare.com/ips/, November 2026.
  cloudflare: [
    '173.245.48.0/20',
    '103.21.244.0/22',
    '103.22.200.0/22',
    '103.31.4.0/22',
    '141.101.64.0/18',
    '108.162.192.0/18',
    '190.93.240.0/20',
    '188.114.96.0/20',
    '197.234.240.0/22',
    '198.41.128.0/17',
    '162.158.0.0/15',
    '104.16.0.0/13',
    '104.24.0.0/14',
    '172.64.0.0/13',
    '131.0.72.0/22',
    '2400:cb00::/32',
    '2606:4700::/32',
    '2803:f800::/32',
    '2405:b500::/32',
    '2405:8100::/32',
    '2a06:98c0::/29',
    '2c0f:f248::/32'
  ]
} as const

type Preset = keyof typeof proxyPresets

export const isPreset = (entry: string): entry is Preset => Object.hasOwn(proxyPresets, entry)

/** What holds for a site that chose no proxies. */
export const defaultProxies: readonly string[] = ['private']

export const mostProxies = 64

/**
 * A list of trusted proxies in its one spelling: presets by name, networks as `203.0.113.0/24`, single addresses with
 * /32 or /128. Returns the reason as text if an entry is neither, or if there are too many.
 */
export function readProxies(entries: readonly string[]): string[] | string {
  if (entries.length > mostProxies) return `There are ${entries.length} proxies; the most is ${mostProxies}.`
  const list: string[] = []
  for (const entry of entries) {
    const text = entry.trim()
    const network = isPreset(text) ? text : readNetwork(text)
    if (network === null)
      return `"${text.slice(0, 64)}" is not an address or a network such as 203.0.113.0/24 or 2001:db8::/32.`
    if (network.endsWith('/0')) return `"${text}" is every address. List only the networks of your proxies.`
    list.push(network)
  }
  return [...new Set(list)]
}

/** `203.0.113.0/24` of `203.0.113.7/24` and of `::ffff:203.0.113.7/120`; null if it is no network. */
function readNetwork(text: string): string | null {
  const [, base = '', length] = /^([\da-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? []
  const address = readBareAddress(base)
  if (address === null) return null
  const most = address.includes(':') ? 128 : 32
  const mapped = most === 32 && base.includes(':') ? 96 : 0
  const bits = length === undefined ? most : Number(length) - mapped
  return bits < 0 || bits > most ? null : `${maskAddress(address, bits, bits)!}/${bits}`
}

interface Network {
  first: number[]
  masks: number[]
}

function compile(network: string): Network {
  const [base = '', bits] = network.split('/')
  const first = groupsOf(base)!
  return { first, masks: first.map((_, i) => maskOf(Number(bits) - i * 16, 16)) }
}

const holds = ({ first, masks }: Network, groups: readonly number[]) =>
  first.length === groups.length && first.every((group, i) => (groups[i]! & masks[i]!) === group)

const compiled = new Map<string, Trusts>()

/** The test for a list that `readProxies` returned. */
export function trustsOf(list: readonly string[]): Trusts {
  const key = list.join(' ')
  let trusts = compiled.get(key)
  if (trusts === undefined) {
    if (compiled.size >= 1_000) compiled.clear()
    compiled.set(key, (trusts = createTrusts(list)))
  }
  return trusts
}

function createTrusts(list: readonly string[]): Trusts {
  const trustsPrivate = list.includes('private')
  const networks = list
    .flatMap((entry): readonly string[] => (isPreset(entry) ? proxyPresets[entry] : [entry]))
    .map(compile)
  if (networks.length === 0) return trustsPrivate ? isPrivate : () => false
  return (address) => {
    if (trustsPrivate && isPrivate(address)) return true
    const groups = groupsOf(address)
    return groups !== null && networks.some((network) => holds(network, groups))
  }
}
