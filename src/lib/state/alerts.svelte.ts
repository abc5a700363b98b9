import type { Course } from '#lib/alert/course.ts'
import { spellsOf } from '#lib/alert/monitor.ts'
import { isMuted, notifiedAt } from '#lib/alert/mute.ts'
import { presets } from '#lib/alert/presets.ts'
import type { Spell } from '#lib/alert/spell.ts'
import type { PerSecond } from '#lib/alert/per-second.ts'
import { courseOf } from '#lib/alert/window.ts'
import type { Counting } from '#lib/ask/per-second.ts'
import type { Device } from '#lib/device/device.ts'
import { isLocal } from '#lib/device/local-name.ts'
import { readAlertRules, type AlertRule } from '#lib/schema/alerts.ts'
import { wallOf } from '#lib/time/clock.ts'
import type { Period } from '#lib/time/period.ts'
import { isNotifying, notify, speakFor } from './speaker.ts'
import { NotifiedAlerts } from './notified.ts'
import { asError } from './session.svelte.ts'
import { saveSettings, settingsOf } from './settings.ts'
import { stretchesOf } from './here.ts'
import { harmless } from './site-setting.svelte.ts'
import { sync } from './sync.svelte.ts'
import { view } from './view.svelte.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
/** How far back rules are looked at: what fired since is listed. */
const looked = 24 * hour
/** Seconds until a request is here: what its server, its forwarder and the site's log take. */
const delay = 5
/** Requests are asked for again no sooner than this. */
const calm = 4 * second

/** How a rule stands. */
export type Standing = 'off' | 'muted' | 'firing' | 'pending' | 'recovered' | 'ok' | 'failed' | 'unknown'

/** What was seen of a rule. */
export interface Seen {
  readonly rule: AlertRule
  readonly spells: readonly Spell[]
  /** Its metric over the last hour. */
  readonly course: Course
  /** The seconds that were looked at. */
  readonly from: number
  readonly to: number
}

/** An alert that fired. */
export interface Firing {
  readonly rule: AlertRule
  readonly spell: Spell
  /** The second at which it notifies; null if it was muted all the time. */
  readonly notified: number | null
}

const keyOf = (site: string) => `loggia.alerts.${site}`

interface Settings {
  readonly alerts: readonly AlertRule[] | null
  readonly harmless_paths: readonly string[]
}

/** The alert rules of the site that is open, and what they see on this device. */
class Alerts {
  rules = $state.raw<readonly AlertRule[]>(presets)
  error = $state.raw<Error | null>(null)
  isSaving = $state(false)
  #seen = $state.raw<ReadonlyMap<string, Seen | Error>>(new Map())
  #site = ''
  #device: Device | null = null
  #asking: { device: Device; counting: Promise<Counting> } | null = null
  #counts = new Map<string, PerSecond>()
  /** When requests were last asked for, and of which version of the data. */
  #asked = 0
  #version = -1
  /** The paths that were harmless when requests were last counted. */
  #harmless: readonly string[] = []
  #isBrought = false
  #turn: Promise<unknown> = Promise.resolve()
  #notified: NotifiedAlerts | null = null
  /** Whether this is the tab that sends notifications. */
  #isSpeaker = false
  /** Seconds since 1970: when this page began to look, and up to when one has looked before. */
  openedAt = $state(0)
  awaySince = $state<number | null>(null)

  /** What fired within the time that is looked at, newest first. */
  firings = $derived.by(() =>
    [...this.#seen.values()]
      .flatMap((seen) => (seen instanceof Error ? [] : firingsOf(seen)))
      .sort((a, b) => b.spell.fired! - a.spell.fired!)
  )
  /** What fires now and is not muted. */
  active = $derived(this.firings.filter(({ spell, notified }) => spell.until === null && notified !== null))

  seenOf = ({ id }: AlertRule): Seen | null => {
    const seen = this.#seen.get(id)
    return seen && !(seen instanceof Error) ? seen : null
  }

  /** Why a rule cannot be looked at, or null. */
  problemOf = ({ id }: AlertRule): string | null => {
    const seen = this.#seen.get(id)
    return seen instanceof Error ? seen.message : null
  }

  standingOf = (rule: AlertRule): Standing => {
    if (!rule.isOn) return 'off'
    const seen = this.#seen.get(rule.id)
    if (seen instanceof Error) return 'failed'
    if (!seen) return 'unknown'
    if (isMuted(rule, seen.to, wall)) return 'muted'
    const last = seen.spells.at(-1)
    if (last?.until === null) return last.fired === null ? 'pending' : 'firing'
    const fired = seen.spells.findLast((spell) => spell.fired !== null)
    return fired && fired.until! > seen.to - 3_600 ? 'recovered' : 'ok'
  }

  /** Takes up the rules of a site; returns what lets go of them. */
  open(site: string, device: Device): () => void {
    this.#site = site
    this.#device = device
    this.error = null
    this.#counts = new Map()
    this.#asked = 0
    this.#version = -1
    this.#isBrought = false
    this.#seen = new Map()
    this.rules = keptOf(site)
    harmless.recall(site)
    this.#notified = new NotifiedAlerts(site)
    this.openedAt = Math.floor(Date.now() / second)
    this.awaySince = this.#notified.seenUpTo
    void this.#read()
    const clock = setInterval(() => void this.look(), delay * second)
    const leave = speakFor(site, () => (this.#isSpeaker = true))
    return () => {
      clearInterval(clock)
      leave()
      this.#isSpeaker = false
      if (this.#device === device) this.#device = null
    }
  }

  /** Looks at all rules once more. */
  look(): Promise<void> {
    const device = this.#device
    if (!device || !sync.outcome) return Promise.resolve()
    const done = this.#turn.then(() => (device === this.#device ? this.#look(device) : undefined))
    this.#turn = done.catch(() => {})
    return done
  }

  async save(rules: readonly AlertRule[]): Promise<boolean> {
    const read = readAlertRules(rules)
    this.error = typeof read === 'string' ? new Error(read) : null
    if (this.error) return false
    this.isSaving = true
    try {
      if (!isLocal(this.#site)) await saveSettings(this.#site, { alerts: rules })
      this.#take(rules)
    } catch (error) {
      this.error = asError(error)
    }
    this.isSaving = false
    await this.look()
    return this.error === null
  }

  /** What a rule counts in a period, on a connection that nobody else asks. */
  async count(rule: AlertRule, period: Period): Promise<PerSecond> {
    const { device } = sync
    if (!device) throw new Error('No site is open.')
    if (device !== this.#asking?.device) this.#asking = { device, counting: countingOn(device) }
    const counting = await this.#asking.counting
    return counting.count(rule, period, knownOn(device, period.to), harmless.value)
  }

  async #read() {
    const site = this.#site
    if (isLocal(site)) return
    try {
      const { alerts, harmless_paths } = await settingsOf<Settings>(site)
      if (site !== this.#site) return
      this.#take(alerts ?? presets)
      if (!harmless.isPending) harmless.take(harmless_paths)
      await this.look()
    } catch {
      // Without the server, the rules hold that were read last.
    }
  }

  #take(rules: readonly AlertRule[]) {
    const isSame = JSON.stringify(rules) === JSON.stringify(this.rules)
    this.rules = rules
    localStorage.setItem(keyOf(this.#site), JSON.stringify(rules))
    if (!isSame) this.#countAgain()
  }

  #countAgain() {
    this.#counts = new Map()
    this.#asked = 0
  }

  /** A hidden page follows no site: the one that notifies asks for what is new once a minute. */
  async #catchUp() {
    if (!document.hidden || !this.#isSpeaker || !isNotifying() || isLocal(this.#site)) return
    if (Date.now() >= (sync.syncedAt ?? 0) + minute) await sync.fetch()
  }

  async #look(device: Device) {
    await this.#catchUp()
    const now = this.#now()
    const to = Math.floor(now / second) - delay
    const known = knownOn(device, now)
    const from = Math.max(to - looked / second, Math.ceil(known.from / second))
    if (known.from > now - hour) await this.#bring(device, now)
    // Nothing of today is here yet.
    if (from >= to) return void (this.#seen = new Map())
    if (harmless.value !== this.#harmless) this.#countAgain()
    this.#harmless = harmless.value
    const isDue = now >= this.#asked + calm && device.query.version !== this.#version
    if (isDue) this.#asked = now
    const { version } = device.query
    const seen: [string, Seen | Error][] = []
    for (const rule of this.rules) {
      if (!rule.isOn) continue
      try {
        const count =
          (isDue ? undefined : this.#counts.get(rule.id)) ??
          (await this.count(rule, { from: from * second, to: now }))
        if (device !== this.#device) return
        this.#counts.set(rule.id, count)
        const start = Math.max(from, to - 3_600)
        const looked: Seen = {
          rule,
          from,
          to,
          spells: spellsOf(rule, count, from, to),
          course: courseOf(rule, count, start, to)
        }
        seen.push([rule.id, looked])
      } catch (error) {
        if (device !== this.#device) return
        seen.push([rule.id, asError(error)])
      }
    }
    if (isDue) this.#version = version
    this.#seen = new Map(seen)
    this.#notify(to)
  }

  /** Notifies once on this device, of what fires while a page is open. What fired before is only listed. */
  #notify(to: number) {
    if (!this.#isSpeaker || !this.#notified) return
    for (const { rule, spell, notified } of this.firings.toReversed())
      if (notified !== null && this.#notified.isNew(rule.id, spell) && notified >= this.openedAt - delay)
        void notify(this.#site, rule, spell)
    this.#notified.seenUpTo = to
  }

  /** What is known of time ends with the network, with the file, or when a hidden page stops following its site. */
  #now(): number {
    if (isLocal(this.#site)) return (view.held?.to ?? 0) + delay * second
    return sync.knownUntil
  }

  /** The hits of today, where the page shows other days. */
  async #bring(device: Device, now: number) {
    if (this.#isBrought) return
    this.#isBrought = true
    await device.sync({ from: now - looked, to: now })
  }
}

export const alerts = new Alerts()

/** What counts is not needed before the first hits are here. */
async function countingOn(device: Device): Promise<Counting> {
  const { Counting } = await import('#lib/ask/per-second.ts')
  return new Counting(await device.connect())
}

const wall = (instant: number) => wallOf(instant, view.zone)

function firingsOf({ rule, spells, to }: Seen): Firing[] {
  return spells
    .filter(({ fired }) => fired !== null)
    .map((spell) => ({ rule, spell, notified: notifiedAt(rule, spell, to, wall) }))
}

/** Of the rules that were read last; a site begins with some. */
function keptOf(site: string): readonly AlertRule[] {
  try {
    const rules = readAlertRules(JSON.parse(localStorage.getItem(keyOf(site)) ?? 'null'))
    return typeof rules === 'string' ? presets : rules
  } catch {
    return presets
  }
}

/** From when on all hits up to a time are on the device. */
function knownOn(device: Device, to: number): Period {
  const { from } = view.held ?? { from: to }
  const gaps = stretchesOf(device.missing({ from, to }).days)
  return { from: Math.max(from, ...gaps.map((gap) => gap.to)), to }
}
