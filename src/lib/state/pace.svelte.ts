const calm = 15_000
const first = 2_000

/** When who asks again: `moment` moves figures and timeline, `epoch` the panels. */
class Pace {
  moment = $state(0)
  epoch = $state(0)
  #at = 0
  #patience = first
  #later: ReturnType<typeof setTimeout> | undefined

  now = () => {
    clearTimeout(this.#later)
    this.#at = Date.now()
    this.#patience = first
    this.moment++
    this.epoch++
  }

  /** While hits keep coming, figures move at once and panels every 15 s, that one may read them. */
  live() {
    const wait = this.#at + calm - Date.now()
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
