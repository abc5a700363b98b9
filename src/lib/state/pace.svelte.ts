/** While hits keep coming, panels ask again no sooner and no later than so, and take a twentieth of the engine's time. */
const calm = { least: 3_000, most: 15_000, times: 20 }
const first = 2_000

/** When who asks again: `moment` moves figures and timeline, `epoch` the panels. */
class Pace {
  moment = $state(0)
  epoch = $state(0)
  #at = 0
  /** The milliseconds that the engine was busy with questions, now and when panels were last told to ask. */
  #spent = () => 0
  #before = 0
  #patience = first
  #later: ReturnType<typeof setTimeout> | undefined

  now = () => {
    clearTimeout(this.#later)
    this.#at = Date.now()
    this.#before = this.#spent()
    this.#patience = first
    this.moment++
    this.epoch++
  }

  /** While hits keep coming, figures move at once, and panels when they have been still for long enough to be read. */
  live(spent: () => number) {
    this.#spent = spent
    const rest = calm.times * Math.max(0, spent() - this.#before)
    const wait = this.#at + Math.min(calm.most, Math.max(calm.least, rest)) - Date.now()
    if (wait <= 0) return this.now()
    this.moment++
    clearTimeout(this.#later)
    this.#later = setTimeout(this.now, wait)
  }

  /** While days are loaded, newest first: soon, then more and more seldom, as every answer takes time from loading. */
  filling() {
    if (Date.now() < this.#at + this.#patience) return false
    const patience = this.#patience * 2
    this.now()
    this.#patience = patience
    return true
  }

  stop() {
    clearTimeout(this.#later)
  }
}

export const pace = new Pace()
