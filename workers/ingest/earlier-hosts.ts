import type { Accepted } from '#lib/accept/accept.ts'
import { moveByHost } from '#lib/accept/hosts.ts'
import type { HostList } from '../access/host-lists.ts'
import { bufferOf, directoryOf } from '../access/reach.ts'
import { eachOf } from './each-of.ts'

interface Way {
  accepted: Accepted
  /** The list that moved its hits. */
  list: HostList
}

/**
 * The batch with its hits moved to the sites of their hosts. If it came before, under an earlier list, that one counts:
 * each site knows only its own batches, so a hit that goes to another site now would count in both. `lists` begins with
 * the list of now. Sites are asked only where the lists differ for this batch.
 */
export async function moveAsBefore(
  env: Env,
  key: string | null,
  batch: Accepted,
  lists: readonly HostList[],
  atOnce: number
): Promise<Way> {
  const ways = lists.map((list) => ({ list, accepted: moveByHost(batch, list.hosts) }))
  const now = ways[0]!
  const sites = [...new Set(ways.flatMap(({ accepted }) => differing(now.accepted, accepted)))]
  if (key === null || sites.length === 0) return now
  // A site that is not known has no batch, and asking would make its object.
  const known = (await directoryOf(env).settingsOf(sites, false, sites, true)).filter(
    ({ refusal }) => refusal === undefined
  )
  const versions = await eachOf(known, atOnce, ({ site }) => bufferOf(env, site).hostsOf(key))
  return ways.find(({ list }) => versions.includes(list.version)) ?? now
}

/** The sites that get other hits in one way than in the other. */
function differing({ indices: one }: Accepted, { indices: other }: Accepted): string[] {
  const sites = new Set([...one.keys(), ...other.keys()])
  return [...sites].filter((site) => site !== null).filter((site) => !isSame(one.get(site), other.get(site)))
}

function isSame(one: readonly number[] = [], other: readonly number[] = []): boolean {
  return one === other || (one.length === other.length && one.every((place, i) => place === other[i]))
}
