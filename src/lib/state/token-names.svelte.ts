import type { TokenFacts } from '#lib/schema/access.ts'
import { call, session } from './session.svelte.ts'

/** What the owner calls the tokens that records came by. */
export class TokenNames {
  #names = $state.raw<Readonly<Record<string, string>>>({})

  /** The name of a token; empty where it has none, or none is known. */
  of = (id: string): string => this.#names[id] ?? ''

  /** Asks for the names. Without them the list shows how a token begins. */
  async load(): Promise<void> {
    try {
      const { tokens } = await call<{ tokens: TokenFacts[] }>('/api/tokens')
      this.#names = Object.fromEntries(tokens.map(({ id, name = '' }) => [id, name]))
    } catch (error) {
      session.meets(error)
    }
  }
}
