import { bufferOf } from '../access/reach.ts'
import { allSites } from '../access/tokens.ts'

/** How long an isolate believes that no refused record waits under `*`. */
const believed = 60_000
let noneUntil = 0

/** Whether refused records of no site wait under `*`. Mostly none do, and then a batch need not ask for its own. */
export async function hasHomeless(env: Env): Promise<boolean> {
  const now = Date.now()
  if (noneUntil > now) return false
  const waits = (await bufferOf(env, allSites).reasons()).length > 0
  if (!waits) noneUntil = now + believed
  return waits
}

/** Some records go there now. */
export function noteHomeless(): void {
  noneUntil = 0
}
