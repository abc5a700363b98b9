import { asError, call } from '#lib/state/session.svelte.ts'

/** An ingest token made from the page: its secret is shown once and kept nowhere. */
export class Token {
  id = $state<string | null>(null)
  secret = $state<string | null>(null)
  error = $state.raw<Error | null>(null)
  isBusy = $state(false)

  async make(site: string, name: string) {
    this.isBusy = true
    this.error = null
    try {
      const answer = await call<{ id: string; token: string }>('/api/tokens', {
        method: 'POST',
        body: JSON.stringify({ site, name })
      })
      this.id = answer.id
      this.secret = answer.token
    } catch (error) {
      this.error = asError(error)
    }
    this.isBusy = false
  }

  /** The site has another name now. */
  forget = () => (this.secret = this.id = null)
}
