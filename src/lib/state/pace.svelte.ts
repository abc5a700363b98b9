const calm = 15_000
const brief = 2_000

/** When who asks again: `moment` moves figures and timeline, `epoch` the panels. */
class Pace {
  moment = $state(0)
  epoch = $state(0)
  #at = 0
  #later: ReturnType<typeof setTimeout> | undefined

  now = () => {
    clearTimeout(this.#later)
    this.#at = Date.now()
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

  /** While days are loaded, newest first: often enough to see it fill. */
  filling() {
    const isDue = Date.now() >= this.#at + brief
    if (isDue) this.now()
    return isDue
  }

  stop() {
    clearTimeout(this.#later)
  }
}

export const pace = new Pace()
