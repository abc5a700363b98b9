/** What tokens may do: send logs, or annotations. */
export const tokenScopes = ['ingest', 'annotations'] as const
export type TokenScope = (typeof tokenScopes)[number]

/** A token as an admin sees it: never the secret. Times are ms since 1970, UTC. */
export interface TokenFacts {
  id: string
  /** How its text begins. */
  prefix: string
  /** What its owner calls it; empty where nobody named it. Missing from a Directory of the version before. */
  name?: string
  /** Missing from a Directory of the version before, whose tokens all send logs. */
  scope?: TokenScope
  site: string
  created: number
  last_used: number | null
  /** Writes until then only: it was replaced, or made for a time. */
  rotate_by: number | null
  /** The token that this one was made to replace. */
  replaces: string | null
  revoked: number | null
  /** Where it may be used; anywhere where none is named. */
  networks: string[]
  /** Descriptions of line formats that are tried before the site's; a Directory of the version before names none. */
  line_formats?: readonly string[]
}

/** Characters of a token's name at most. */
export const longestTokenName = 64

/** What of a token can be changed. */
export type TokenChanges = Partial<Pick<TokenFacts, 'name' | 'networks' | 'line_formats'>>

/** From where a session was started. */
export interface Origin {
  agent: string
  network: string
}

/** A session as its owner sees it. Times are ms since 1970, UTC. */
export interface SessionFacts extends Origin {
  /** Begins the hash of its secret. */
  id: string
  created: number
  last_seen: number
  expires: number
}
