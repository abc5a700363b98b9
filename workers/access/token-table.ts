import type { TokenChanges, TokenFacts, TokenScope } from '#lib/schema/access.ts'
import { timingSafeEqual } from 'node:crypto'
import { sha256, type Storage } from '../store/storage.ts'
import { formatToken, shownToken, type Grant } from './tokens.ts'

/** A list is JSON, and null where it is empty. */
type Lists = { networks: string | null; line_formats: string | null }
/** The scope is null for ingest. */
type TokenRow = Omit<TokenFacts, keyof Lists | 'prefix' | 'name' | 'scope'> &
  Lists & { name: string | null; scope: TokenScope | null }

const toJson = (list: readonly string[]) => (list.length === 0 ? null : JSON.stringify(list))
const listOf = (text: string | null) => (text === null ? [] : (JSON.parse(text) as string[]))
const listsOf = ({ networks, line_formats }: Lists) => ({
  networks: listOf(networks),
  line_formats: listOf(line_formats)
})

export interface NewToken {
  id: string
  token: string
}

/**
 * Makes a token for one site, or for all (`*`), that writes until `expires`, or until it is revoked. Its text is shown
 * this once.
 */
export async function createToken(
  storage: Storage,
  site: string,
  {
    name = '',
    networks = [],
    expires = null,
    scope = 'ingest'
  }: TokenChanges & { expires?: number | null; scope?: TokenScope },
  now: number
): Promise<NewToken> {
  const made = await mint(scope)
  const lists = { networks: toJson(networks), line_formats: null }
  const kept = scope === 'ingest' ? null : scope
  insert(storage, made, { site, name, scope: kept, replaces: null, rotate_by: expires, ...lists }, now)
  return { id: made.id, token: made.token }
}

/**
 * Makes the successor of a token, which itself goes on until the deadline. The one before it ends now: no more than two
 * of a line are active. Null when there is no such active token.
 */
export async function rotateToken(
  storage: Storage,
  id: string,
  deadline: number,
  now: number
): Promise<(NewToken & { site: string }) | null> {
  const [{ scope } = { scope: null }] = storage.sql<TokenRow>('select scope from token where id = ?', id)
  const made = await mint(scope ?? 'ingest')
  return storage.transaction(() => {
    const [old] = storage.sql<TokenRow>('select * from token where id = ?', id)
    if (!old || !isActive(old, now)) return null
    if (old.replaces !== null) revokeToken(storage, old.replaces, now)
    storage.sql('update token set revoked = ? where replaces = ? and revoked is null', now, id)
    storage.sql(
      'update token set rotate_by = ? where id = ?',
      Math.min(deadline, old.rotate_by ?? deadline),
      id
    )
    insert(storage, made, { ...old, replaces: id, rotate_by: null }, now)
    return { id: made.id, token: made.token, site: old.site }
  })
}

/** Changes what is named of a token; false when there is no such active token. */
export function changeToken(storage: Storage, id: string, changes: TokenChanges, now: number): boolean {
  const [row] = storage.sql<TokenRow>('select * from token where id = ?', id)
  if (!row || !isActive(row, now)) return false
  const { name, networks, line_formats } = { name: row.name ?? '', ...listsOf(row), ...changes }
  const query = 'update token set name = ?, networks = ?, line_formats = ? where id = ?'
  storage.sql(query, name, toJson(networks), toJson(line_formats), id)
  return true
}

/** False when there is no such token. */
export function revokeToken(storage: Storage, id: string, now: number): boolean {
  storage.sql('update token set revoked = ? where id = ? and revoked is null', now, id)
  return storage.sql('select 1 from token where id = ?', id).length > 0
}

/** All tokens, the newest first. */
export function listTokens(storage: Storage): TokenFacts[] {
  return storage
    .sql<TokenRow>(
      `select id, name, site, created, last_used, rotate_by, replaces, revoked, networks, line_formats, scope
       from token order by created desc, id`
    )
    .map((token) => ({
      ...token,
      name: token.name ?? '',
      scope: token.scope ?? 'ingest',
      prefix: shownToken(token.id, token.scope ?? 'ingest'),
      ...listsOf(token)
    }))
}

/** What a token may do; null when its id is not known or the secret is another. */
export function grantOf(storage: Storage, id: string, hash: string, now: number): Grant | null {
  const [row] = storage.sql<TokenRow & { hash: string }>('select * from token where id = ?', id)
  if (!row || !timingSafeEqual(Buffer.from(row.hash), Buffer.from(hash))) return null
  if (isActive(row, now)) storage.sql('update token set last_used = ? where id = ?', now, id)
  return {
    id,
    site: row.site,
    is_revoked: !isActive(row, now),
    rotate_by: row.rotate_by,
    ...listsOf(row)
  }
}

function isActive({ revoked, rotate_by }: TokenRow, now: number): boolean {
  return revoked === null && (rotate_by === null || rotate_by > now)
}

const letters = 'abcdefghijklmnopqrstuvwxyz012345'

async function mint(scope: TokenScope): Promise<NewToken & { hash: string }> {
  const id = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => letters[byte & 31]).join('')
  const token = formatToken(id, crypto.getRandomValues(new Uint8Array(32)), scope)
  return { id, token, hash: await sha256(token) }
}

function insert(
  storage: Storage,
  { id, hash }: { id: string; hash: string },
  {
    site,
    name,
    scope,
    rotate_by,
    replaces,
    networks,
    line_formats
  }: Pick<TokenRow, 'site' | 'name' | 'scope' | 'rotate_by' | 'replaces' | keyof Lists>,
  now: number
): void {
  storage.sql(
    `insert into token (id, hash, site, name, created, rotate_by, replaces, networks, line_formats, scope)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    hash,
    site,
    name,
    now,
    rotate_by,
    replaces,
    networks,
    line_formats,
    scope
  )
}
