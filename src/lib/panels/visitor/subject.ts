import { readAddress } from '#lib/accept/address.ts'
import { readNetwork } from '#lib/filter/network.ts'

/** What a page of a visitor is about: a visitor of one UTC day, an address, a range of addresses, or a network. */
export interface Subject {
  readonly kind: 'visitor' | 'address' | 'range' | 'network'
  /** The hash of a visitor; an address or a host name; `203.0.113.0/24`; the number of a network or its company. */
  readonly value: string
}

const kinds: Partial<Record<string, Subject['kind']>> = {
  visitor: 'visitor',
  ip: 'address',
  client_name: 'address',
  asn: 'network',
  as_org: 'network'
}

/** Whether it stands for many addresses. */
export const isWide = ({ kind }: Subject): boolean => kind === 'range' || kind === 'network'

/** The subject that a value of a field is; null if it is none. */
export function subjectOf(field: string, value: string | null): Subject | null {
  const kind = kinds[field]
  if (!kind || !value) return null
  if (field === 'ip' && readAddress(value) === null)
    return readNetwork(value) ? { kind: 'range', value } : null
  return { kind, value }
}

/** The path of its page. */
export const pathTo = (site: string, { kind, value }: Subject): string =>
  `/s/${encodeURIComponent(site)}/${kind}/${encodeURIComponent(value)}`
