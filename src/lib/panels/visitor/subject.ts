import { readAddress } from '#lib/accept/address.ts'

/** What a page of a visitor is about: a visitor of one UTC day, an address, or a network. */
export interface Subject {
  readonly kind: 'visitor' | 'address' | 'network'
  /** The hash of a visitor; an address or a host name; the number of a network or its company. */
  readonly value: string
}

const kinds: Partial<Record<string, Subject['kind']>> = {
  visitor: 'visitor',
  ip: 'address',
  client_name: 'address',
  asn: 'network',
  as_org: 'network'
}

/** The subject that a value of a field is; null if it is none, as a range of addresses is. */
export function subjectOf(field: string, value: string | null): Subject | null {
  const kind = kinds[field]
  if (!kind || !value || (field === 'ip' && readAddress(value) === null)) return null
  return { kind, value }
}

/** The path of its page. */
export const pathTo = (site: string, { kind, value }: Subject): string =>
  `/s/${encodeURIComponent(site)}/${kind}/${encodeURIComponent(value)}`
