/** A newer version of the shell that waits to be let in. Never let in unasked: two versions would share a page. */
class Release {
  #waiting = $state.raw<ServiceWorker | null>(null)
  #putOff = $state.raw<ServiceWorker | null>(null)

  /** Whether to offer it: what was put off comes by itself once no tab is open. */
  get isOffered() {
    return this.#waiting !== this.#putOff
  }

  async watch() {
    const workers = navigator.serviceWorker
    if (!workers) return
    await calm()
    while (!(await workers.register('/service-worker.js').catch(() => null))) await network()
    const registration = await workers.ready
    const look = () => {
      if (registration.waiting && workers.controller) this.#waiting = registration.waiting
    }
    look()
    registration.addEventListener('updatefound', () =>
      registration.installing?.addEventListener('statechange', look)
    )
    const ask = () => void registration.update().catch(() => {})
    addEventListener('focus', ask)
    setInterval(ask, 30 * 60_000)
  }

  putOff = () => (this.#putOff = this.#waiting)

  enter = () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
    this.#waiting?.postMessage('skip-waiting')
  }
}

/** What is to be there without a network is some 120 files: on a first visit they would come before the page itself. */
const calm = () => new Promise((done) => setTimeout(done, 4_000))

const network = () => new Promise((back) => addEventListener('online', back, { once: true }))

export const release = new Release()
