import type { HostSite } from '#lib/accept/hosts.ts'
import type { Storage } from '../store/storage.ts'

/** A list of hosts, as a token for all sites once had it. */
export interface HostList {
  version: number
  hosts: readonly HostSite[]
}

/** A forwarder sends a batch again within hours: for so long its records go where they went first. */
const keptFor = 48 * 3_600_000
/** A batch is spread by each of them to see whether they differ for it. */
const mostEarlier = 8

/** Keeps the list of hosts that another one replaces. */
export function keepHostList(
  storage: Storage,
  before: readonly HostSite[],
  after: readonly HostSite[],
  now: number
): void {
  const hosts = JSON.stringify(before)
  if (hosts === JSON.stringify(after)) return
  const version = versionOf(storage)
  storage.sql('insert into host_list (version, until, hosts) values (?, ?, ?)', version, now, hosts)
  // The last one stays however old it is: no version comes twice.
  storage.sql('delete from host_list where version <= ?', version - mostEarlier)
}

/** The list of now and those of the last 48 hours, the newest first. */
export function readHostLists(storage: Storage, now: readonly HostSite[], time: number): HostList[] {
  const earlier = storage.sql<{ version: number; hosts: string }>(
    'select version, hosts from host_list where until > ? order by version desc',
    time - keptFor
  )
  return [
    { version: versionOf(storage), hosts: now },
    ...earlier.map(({ version, hosts }) => ({ version, hosts: JSON.parse(hosts) as HostSite[] }))
  ]
}

const versionOf = (storage: Storage) =>
  storage.sql<{ last: number }>('select coalesce(max(version), 0) as last from host_list')[0]!.last + 1
