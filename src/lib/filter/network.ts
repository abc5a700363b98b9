import { readAddress } from '#lib/accept/address.ts'

/**
 * What an address has to be like to lie in a network: how its text begins, and between which two it is when spelled
 * as `wide_address` does.
 */
export type Network = [prefix: string, from: string, to: string]

const families = {
  4: { bits: 32, perGroup: 8, radix: 10, width: 3, mark: '.' },
  6: { bits: 128, perGroup: 16, radix: 16, width: 4, mark: ':' }
} as const

/** `10.0.0.0/8`, `2001:db8::/32`, or one address; null for what is neither. */
export function readNetwork(text: string): Network | null {
  const [, written = '', length] = /^\s*([\da-f.:]+)(?:\/(\d{1,3}))?\s*$/i.exec(text) ?? []
  const address = isBare(written) ? readAddress(written) : null
  if (!address) return null
  const family = address.includes(':') ? 6 : 4
  const { bits } = families[family]
  const mapped = family === 4 && written.includes(':') ? 96 : 0
  const fixed = length === undefined ? bits : Number(length) - mapped
  return fixed < 0 || fixed > bits ? null : networkOf(address, family, fixed)
}

// `10.0.0.1:80` is an address and a port.
const isBare = (text: string) => text.split(':').length !== 2

function networkOf(address: string, family: 4 | 6, fixed: number): Network {
  const { bits, perGroup, radix, width, mark } = families[family]
  const groups = groupsOf(address, family)
  const free = BigInt(bits - fixed)
  const from = (groups.reduce((n, group) => (n << BigInt(perGroup)) | BigInt(group), 0n) >> free) << free
  const wide = (n: bigint) =>
    family +
    groups
      .map((_, i) => (n >> BigInt(bits - perGroup * (i + 1))) & ((1n << BigInt(perGroup)) - 1n))
      .map((group) => group.toString(radix).padStart(width, '0'))
      .join('')
  return [
    fixed === bits ? address : prefixOf(groups.slice(0, fixed / perGroup), radix, mark),
    wide(from),
    wide(from | ((1n << free) - 1n))
  ]
}

function groupsOf(address: string, family: 4 | 6): number[] {
  const { radix, mark } = families[family]
  const [head = '', tail] = address.split('::')
  const read = (part: string) => (part ? part.split(mark).map((group) => parseInt(group, radix)) : [])
  if (tail === undefined) return read(head)
  const [before, after] = [read(head), read(tail)]
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after]
}

// In IPv6 groups of zeros may be written as `::`, so that only what comes before the first of them is certain.
function prefixOf(groups: readonly number[], radix: number, mark: string): string {
  const zero = mark === ':' ? groups.indexOf(0) : -1
  const certain = zero < 0 ? groups : groups.slice(0, zero)
  return certain.map((group) => group.toString(radix) + mark).join('')
}
