/** A newer version of the shell that waits to be let in. Never let in unasked: two versions would share a page. */
class Release {
  #waiting = $state.raw<ServiceWorker | null>(null)

  get isWaiting() {
    return this.#waiting !== null
  }

  async watch() {
    const registration = await navigator.serviceWorker?.ready
    if (!registration) return
    const look = () => {
      if (registration.waiting && navigator.serviceWorker.controller) this.#waiting = registration.waiting
    }
    look()
    registration.addEventListener('updatefound', () =>
      registration.installing?.addEventListener('statechange', look)
    )
    const ask = () => void registration.update().catch(() => {})
    addEventListener('focus', ask)
    setInterval(ask, 30 * 60_000)
  }

  enter = () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
    this.#waiting?.postMessage('skip-waiting')
  }
}

export const release = new Release()
