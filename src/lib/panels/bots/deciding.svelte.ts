import { readNetwork } from '#lib/filter/network.ts'
import type { Decision } from '#lib/schema/rulings.ts'
import { rulings } from '#lib/state/rulings.svelte.ts'
import { sync } from '#lib/state/sync.svelte.ts'
import { reachSql } from './questions.ts'

/** A decision of the owner on its way: one on most visitors is asked about first. */
export class Deciding {
  /** The decision that is asked about, and of how many visitors it would be. */
  asked = $state.raw<{ decision: Decision; reached: number; visitors: number } | null>(null)

  async decide(decision: Decision): Promise<void> {
    const query = sync.device?.query
    if (!query) return
    this.asked = null
    const { operator, value } = decision
    await query.set({ decided: operator === 'cidr' ? readNetwork(value) : value })
    const [reach] = await query.ask<{ reached: number; visitors: number }>(reachSql(decision))
    if (reach && reach.reached * 2 > reach.visitors) this.asked = { decision, ...reach }
    else await rulings.decide(decision)
  }

  cancel = () => (this.asked = null)

  confirm = () => {
    if (this.asked) void rulings.decide(this.asked.decision)
    this.asked = null
  }
}
