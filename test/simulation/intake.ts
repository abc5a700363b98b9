import { accept } from '#lib/accept/accept.ts'
import { applyPrivacy, ipModes, keptAddress, type PrivacySettings } from '#lib/accept/privacy.ts'
import type { AcceptedHit } from '#lib/schema/hit.ts'
import type { Line } from './ledger.ts'
import { Random } from './random.ts'

const day = 86_400_000

/** What Workers make of the lines they are sent: between two deliveries the site's settings and the clock may change. */
export class Intake {
  readonly #random: Random
  #settings: PrivacySettings = { ip_mode: 'full', keeps_remote_user: false }
  /** Minutes east of UTC for times without a zone; null where the site has none. */
  #zone: number | null = null
  /** How far the clock of half the deliveries is off, in ms: in nine histories of ten nothing, else three days. */
  readonly #off: number

  /** Its chance is its own, so that it changes nothing else of a history. */
  constructor(seed: number) {
    this.#random = new Random(seed ^ 0x1d3a71)
    this.#off = this.#random.chance(0.1) ? this.#random.pick([-3, 3]) * day : 0
  }

  /** A line has a zone, or it has none: its hit stands for the time on its clock. */
  isZoned(): boolean {
    return !this.#random.chance(0.1)
  }

  /** The lines as hits, and when they were received by a clock that may be days off. Notes what a part may hold of them. */
  take(lines: readonly Line[], now: number, token: string): { received: number; hits: AcceptedHit[] } {
    if (this.#random.chance(0.15)) this.#change()
    const received = this.#random.chance(0.5) ? now + this.#off : now
    const context = {
      received,
      token,
      is_single: true,
      ...(this.#zone !== null && { utc_offset: this.#zone })
    }
    const body = new TextEncoder().encode(JSON.stringify(lines.map(recordOf)))
    const hits = [...accept(body, context).hits.values()].flat()
    for (const [i, hit] of hits.entries()) {
      applyPrivacy(hit, this.#settings)
      lines[i]!.addresses.add(keptAddress(hit.ip, hit.flags))
      if (!lines[i]!.isZoned) lines[i]!.times.add(hit.time)
    }
    return { received, hits }
  }

  #change(): void {
    this.#settings = { ip_mode: this.#random.pick(ipModes), keeps_remote_user: this.#random.chance(0.5) }
    this.#zone = this.#random.chance(0.5) ? null : this.#random.pick([-300, 60, 345])
  }
}

function recordOf({ hit, isZoned }: Line) {
  const time = new Date(hit.time).toISOString()
  return {
    time_iso8601: isZoned ? time : time.slice(0, -1),
    remote_addr: hit.ip,
    remote_user: 'ada',
    request_uri: hit.path,
    http_user_agent: hit.user_agent,
    ...(hit.request_id !== null && { request_id: hit.request_id })
  }
}
