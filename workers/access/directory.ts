import { DurableObject } from 'cloudflare:workers'
import { sha256 } from '../store/storage.ts'
import schema from './directory.sql'
import { base64url, formatToken, type Grant } from './tokens.ts'

const hour = 3_600_000
/** A session ends 30 days after sign-in; a one-time link after a day. */
const lifetime = { session: 30 * 24 * hour, link: 24 * hour }

/** Who may do what: sites, ingest tokens and sessions. One object; the Workers ask it at most once a minute a token. */
export class Directory extends DurableObject<Env> {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    ctx.storage.sql.exec(schema)
  }

  sites(): string[] {
    return this.#sql<{ name: string }>('select name from site order by name').map(({ name }) => name)
  }

  addSites(names: string[]): void {
    for (const name of names)
      this.#sql('insert or ignore into site (name, created) values (?, ?)', name, Date.now())
  }

  /** Makes a token for one site, or for all (`*`); its text is shown this once. */
  async createToken(site: string): Promise<{ id: string; token: string }> {
    const id = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => (byte % 36).toString(36)).join(
      ''
    )
    const token = formatToken(id, crypto.getRandomValues(new Uint8Array(32)))
    this.#sql(
      'insert into token (id, hash, site, created) values (?, ?, ?, ?)',
      id,
      await sha256(token),
      site,
      Date.now()
    )
    return { id, token }
  }

  /** What the token with this hash may do; null when it is not known or revoked. */
  grant(hash: string): Grant | null {
    const [row] = this.#sql<{ id: string; site: string }>(
      'select id, site from token where hash = ? and revoked is null',
      hash
    )
    if (row) this.#sql('update token set last_used = ? where id = ?', Date.now(), row.id)
    return row ?? null
  }

  /** Starts a session or makes a one-time link: the secret it returns is kept only as a hash. */
  async open(kind: 'session' | 'link'): Promise<{ secret: string; expires: number }> {
    const secret = base64url(crypto.getRandomValues(new Uint8Array(32)))
    const now = Date.now()
    const expires = now + lifetime[kind]
    this.#sql('delete from session where expires < ?', now)
    this.#sql(
      'insert into session (hash, kind, created, expires) values (?, ?, ?, ?)',
      await sha256(secret),
      kind,
      now,
      expires
    )
    return { secret, expires }
  }

  isSession(hash: string): boolean {
    return this.#find(hash, 'session')
  }

  /** Uses up a one-time link; false when it is not known, used or too old. */
  redeem(hash: string): boolean {
    const isKnown = this.#find(hash, 'link')
    if (isKnown) this.close(hash)
    return isKnown
  }

  close(hash: string): void {
    this.#sql('delete from session where hash = ?', hash)
  }

  #find(hash: string, kind: string): boolean {
    const query = 'select 1 from session where hash = ? and kind = ? and expires > ?'
    return this.#sql(query, hash, kind, Date.now()).length > 0
  }

  #sql<Row = Record<string, SqlStorageValue>>(query: string, ...bindings: SqlStorageValue[]): Row[] {
    return this.ctx.storage.sql.exec(query, ...bindings).toArray() as Row[]
  }
}
