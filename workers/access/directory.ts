import { editsOf } from '#lib/alert/edits.ts'
import { presets } from '#lib/alert/presets.ts'
import type { SessionFacts, TokenChanges, TokenFacts, TokenScope } from '#lib/schema/access.ts'
import type { AlertEdit } from '#lib/schema/alerts.ts'
import type { Annotation, Note } from '#lib/schema/annotations.ts'
import { DurableObject } from 'cloudflare:workers'
import type { Storage } from '../store/storage.ts'
import { listEdits, noteEdits } from './alert-edits.ts'
import * as annotations from './annotation-table.ts'
import { Attempts } from './attempts.ts'
import schema from './directory.sql'
import { migrate } from './schema.ts'
import * as sessions from './session-table.ts'
import { forBatches, readSettings, writeSettings, type BatchSettings, type SiteSettings } from './settings.ts'
import { nextRenewal, renewCrawlers } from './renewal.ts'
import { readHostLists, keepHostList } from './host-lists.ts'
import { readLimits, refuseNew, writeLimits, type SiteLimits } from './site-limits.ts'
import * as tokens from './token-table.ts'
import { allSites, type Grant } from './tokens.ts'

interface Answered {
  site: string
  settings: BatchSettings
  /** Why the site may not be made. A Directory of before a deploy knows no limit. */
  refusal?: string | undefined
}

const nowhere = { agent: '', network: '' }

/**
 * Who may do what: sites, ingest tokens, sessions, the password. One object; the Workers ask it at most once a minute a
 * token. A shell: each table has a file of its own.
 */
export class Directory extends DurableObject<Env> {
  readonly #storage: Storage
  readonly #attempts: Attempts

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#storage = {
      sql: <Row>(query: string, ...bindings: SqlStorageValue[]) =>
        ctx.storage.sql.exec(query, ...bindings).toArray() as Row[],
      transaction: (work) => ctx.storage.transactionSync(work)
    } as Storage
    migrate(this.#storage, schema)
    this.#attempts = new Attempts(this.#storage)
  }

  /** Sites that are not deleted. */
  sites(): string[] {
    const names = this.#storage.sql<{ name: string }>('select name from site order by name')
    return names.map(({ name }) => name).filter((name) => this.settings(name).state !== 'deleted')
  }

  addSites(names: string[]): void {
    for (const name of names)
      this.#storage.sql('insert or ignore into site (name, created) values (?, ?)', name, Date.now())
  }

  /**
   * The settings of the sites of a batch, which `registers` those that are new. Of new sites among `byRecord`, which
   * only records name, those above a limit come back with the limit, and are not registered; all of them if it
   * `makesNone`.
   */
  settingsOf(names: string[], registers: boolean, byRecord: string[] = [], makesNone = false): Answered[] {
    const refused = refuseNew(this.#storage, byRecord, Date.now(), makesNone)
    if (registers) this.addSites(names.filter((name) => !refused.has(name)))
    return names.map((site) => ({
      site,
      settings: forBatches(this.settings(site)),
      refusal: refused.get(site)
    }))
  }

  limits(): SiteLimits {
    return readLimits(this.#storage)
  }

  async changeLimits(changes: Partial<SiteLimits>): Promise<SiteLimits> {
    if (changes.renews_crawlers === true) await this.ctx.storage.setAlarm(Date.now())
    if (changes.renews_crawlers === false) await this.ctx.storage.deleteAlarm()
    return this.#storage.transaction(() => {
      if (changes.host_sites)
        keepHostList(this.#storage, this.limits().host_sites, changes.host_sites, Date.now())
      return writeLimits(this.#storage, changes)
    })
  }

  /** Renews the lists of crawlers, where that is switched on. */
  override async alarm(): Promise<void> {
    if (!this.limits().renews_crawlers) return
    // An alarm that fails too often is never rung again.
    await this.ctx.storage.setAlarm(nextRenewal(Date.now()))
    const renewals = await renewCrawlers(this.env, Date.now(), (...request) => fetch(...request))
    await this.ctx.storage.setAlarm(nextRenewal(Date.now(), renewals))
  }

  settings(site: string): SiteSettings {
    return readSettings(this.#storage, site)
  }

  changeSettings(site: string, changes: Partial<SiteSettings>): SiteSettings {
    this.addSites([site])
    return this.#storage.transaction(() => {
      if (changes.alerts !== undefined) {
        const before = readSettings(this.#storage, site).alerts ?? presets
        noteEdits(this.#storage, site, editsOf(before, changes.alerts ?? presets, Date.now()))
      }
      return writeSettings(this.#storage, site, changes, Date.now())
    })
  }

  /** Changes of the alert rules of a site, the newest first. */
  alertEdits(site: string): AlertEdit[] {
    return listEdits(this.#storage, site)
  }

  createToken(
    site: string,
    networks: string[] = [],
    name = '',
    expires: number | null = null,
    scope: TokenScope = 'ingest'
  ): Promise<tokens.NewToken> {
    return tokens.createToken(this.#storage, site, { name, networks, expires, scope }, Date.now())
  }

  rotateToken(id: string, deadline: number): ReturnType<typeof tokens.rotateToken> {
    return tokens.rotateToken(this.#storage, id, deadline, Date.now())
  }

  changeToken(id: string, changes: TokenChanges): boolean {
    return tokens.changeToken(this.#storage, id, changes, Date.now())
  }

  /** Asked by a Worker of the version before. */
  moveToken(id: string, networks: string[]): boolean {
    return this.changeToken(id, { networks })
  }

  revokeToken(id: string): boolean {
    return tokens.revokeToken(this.#storage, id, Date.now())
  }

  tokens(): TokenFacts[] {
    return tokens.listTokens(this.#storage)
  }

  grant(id: string, hash: string): Grant | null {
    const grant = tokens.grantOf(this.#storage, id, hash, Date.now())
    if (grant?.site !== allSites) return grant
    const hosts = this.limits().host_sites
    return { ...grant, host_sites: hosts, host_lists: readHostLists(this.#storage, hosts, Date.now()) }
  }

  annotations(site: string): Annotation[] {
    return annotations.listAnnotations(this.#storage, site)
  }

  /** Keeps what a token sent; null if the site is full of annotations that were written by hand. */
  addAnnotation(site: string, note: Note, token: string, key: string | null): annotations.Added | null {
    return annotations.addAnnotation(this.#storage, site, note, token, key, Date.now())
  }

  /** Keeps or changes what was written by hand; null if the site is full. */
  writeAnnotation(site: string, id: string, note: Note): Annotation | null {
    return annotations.writeAnnotation(this.#storage, site, id, note, Date.now())
  }

  removeAnnotation(site: string, id: string): boolean {
    return annotations.removeAnnotation(this.#storage, site, id)
  }

  open(kind: 'session' | 'link', origin = nowhere): Promise<{ secret: string; expires: number }> {
    return sessions.openSession(this.#storage, kind, origin, Date.now())
  }

  isSession(hash: string): boolean {
    return sessions.isSession(this.#storage, hash, Date.now())
  }

  redeem(hash: string): boolean {
    return sessions.redeemLink(this.#storage, hash, Date.now())
  }

  sessions(): SessionFacts[] {
    return sessions.listSessions(this.#storage, Date.now())
  }

  /** Ends a session, by the hash of its secret or by its id. */
  close(hash: string): boolean {
    return sessions.closeSession(this.#storage, sessions.sessionId(hash))
  }

  closeOthers(own: string): void {
    sessions.closeOthers(this.#storage, own)
  }

  password(): string | null {
    return this.#storage.sql<{ value: string }>('select value from password')[0]?.value ?? null
  }

  /** Keeps the first password; of two that set up at the same time, one is told false. */
  setUp(value: string): boolean {
    const query = 'insert or ignore into password (id, value, created) values (1, ?, ?) returning 1'
    return this.#storage.sql(query, value, Date.now()).length > 0
  }

  /** Replaces the password and ends every session. */
  changePassword(value: string): void {
    this.#storage.transaction(() => {
      this.#storage.sql('update password set value = ?, created = ? where id = 1', value, Date.now())
      sessions.closeOthers(this.#storage, '')
    })
  }

  /** The private key of this installation for push services, made when it is first asked for. */
  async pushKey(): Promise<JsonWebKey> {
    const kept = () => this.#storage.sql<{ value: string }>('select value from push_key')[0]?.value
    if (kept() === undefined) {
      const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
      const pair = (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair
      const made = JSON.stringify(await crypto.subtle.exportKey('jwk', pair.privateKey))
      // Of two calls at the same time the first one's key stays.
      this.#storage.sql('insert or ignore into push_key (id, value) values (1, ?)', made)
    }
    return JSON.parse(kept()!) as JsonWebKey
  }

  /** Uses up a one-time secret; false when it was used before. */
  spend(hash: string, expires: number): boolean {
    this.#storage.sql('delete from spent where expires < ?', Date.now())
    const query = 'insert or ignore into spent (hash, expires) values (?, ?) returning 1'
    return this.#storage.sql(query, hash, expires).length > 0
  }

  /** 0, or the ms that one of the networks has to wait before another password of it is checked. */
  knock(networks: string[]): number {
    return this.#attempts.knock(networks, Date.now())
  }

  forgive(networks: string[]): void {
    this.#attempts.forgive(networks, Date.now())
  }
}
