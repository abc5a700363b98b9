import type { Device } from '#lib/device/device.ts'
import { isLocal } from '#lib/device/local-name.ts'
import { noRulings, type Decision, type OwnRule, type Rulings } from '#lib/schema/rulings.ts'
import type { Problem } from '#lib/verdict/condition.ts'
import { pace } from './pace.svelte.ts'
import { asError } from './session.svelte.ts'
import { saveSettings, settingsOf } from './settings.ts'

/** How the owner of the site that is open wants its visitors judged. */
class OwnRulings {
  value = $state.raw<Rulings>(noRulings)
  /** Whether visitors are being judged again. */
  isPending = $state(false)
  error = $state.raw<Error | null>(null)
  #site = ''
  #device: Device | null = null

  /** Judges the hits on the device by what the site's owner said last; without a network, by what is known of it here. */
  async open(site: string, device: Device): Promise<void> {
    this.#site = site
    this.#device = device
    this.error = null
    this.value = device.rulings
    if (isLocal(site)) return
    try {
      const { verdicts } = await settingsOf<{ verdicts: Rulings }>(site)
      if (device === this.#device) await this.#judge(device, verdicts)
    } catch {
      // What was said last holds: the server is away, or the page is being left.
    }
  }

  /** Gives a rule other points; none switch it off, and null gives it back its own. */
  weigh(rule: string, points: number | null): Promise<void> {
    const others = Object.entries(this.value.weights).filter(([name]) => name !== rule)
    const own = points === null ? [] : [[rule, points] as const]
    return this.#change({ ...this.value, weights: Object.fromEntries([...others, ...own]) })
  }

  /** Gives all rules back their own points. */
  weighAll(): Promise<void> {
    return this.#change({ ...this.value, weights: {} })
  }

  decide(decision: Decision): Promise<void> {
    const others = this.value.decisions.filter((one) => !isSame(one, decision))
    return this.#change({ ...this.value, decisions: [...others, decision] })
  }

  undo(decision: Decision): Promise<void> {
    return this.#change({
      ...this.value,
      decisions: this.value.decisions.filter((one) => !isSame(one, decision))
    })
  }

  /** Adds a rule, or replaces the one of its name, unless this device finds it wrong or too slow. */
  async saveRule(rule: OwnRule): Promise<Problem | null> {
    this.isPending = true
    try {
      const trial = await this.#device?.tryRule(rule)
      if (trial?.problem) return trial.problem
    } catch (error) {
      return { message: asError(error).message, at: null }
    } finally {
      this.isPending = false
    }
    const { rules = [] } = this.value
    const isNew = !rules.some(({ name }) => name === rule.name)
    await this.#change({
      ...this.value,
      rules: isNew ? [...rules, rule] : rules.map((one) => (one.name === rule.name ? rule : one))
    })
    return this.error ? { message: `Not saved: ${this.error.message}`, at: null } : null
  }

  removeRule({ name }: OwnRule): Promise<void> {
    const weights = Object.entries(this.value.weights).filter(([rule]) => rule !== name)
    return this.#change({
      ...this.value,
      weights: Object.fromEntries(weights),
      rules: this.value.rules?.filter((rule) => rule.name !== name) ?? []
    })
  }

  async #change(rulings: Rulings) {
    const device = this.#device
    if (!device) return
    this.error = null
    this.isPending = true
    try {
      if (!isLocal(this.#site)) await saveSettings(this.#site, { verdicts: rulings })
      await this.#judge(device, rulings)
    } catch (error) {
      this.error = asError(error)
    }
    this.isPending = false
  }

  async #judge(device: Device, rulings: Rulings) {
    const isOther = await device.judgeBy(rulings)
    if (device !== this.#device) return
    this.value = rulings
    if (isOther) pace.now()
  }
}

export const rulings = new OwnRulings()

const isSame = (a: Decision, b: Decision) =>
  a.field === b.field && a.operator === b.operator && a.value === b.value
