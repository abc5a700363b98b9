import type { Origin, SessionFacts } from '#lib/schema/access.ts'
import { sha256, type Storage } from '../store/storage.ts'
import { base64url } from './tokens.ts'

const hour = 3_600_000
/** A session ends 30 days after sign-in, a one-time link after a day. */
const lifetime = { session: 30 * 24 * hour, link: 24 * hour }
/** And a session that nobody uses after 7 days. */
const idle = 7 * 24 * hour
/** Use is noted so often: a write for each request would cost more than it tells. */
const noted = 60_000

const idLength = 16

/** The id that a session has in the list of them. */
export const sessionId = (hash: string) => hash.slice(0, idLength)

/** Starts a session or makes a one-time link: the secret it returns is kept only as a hash. */
export async function openSession(
  storage: Storage,
  kind: 'session' | 'link',
  { agent, network }: Origin,
  now: number
): Promise<{ secret: string; expires: number }> {
  const secret = base64url(crypto.getRandomValues(new Uint8Array(32)))
  const hash = await sha256(secret)
  const expires = now + lifetime[kind]
  storage.sql('delete from session where expires < ? or coalesce(last_seen, created) < ?', now, now - idle)
  storage.sql(
    'insert into session (hash, kind, created, expires, last_seen, agent, network) values (?, ?, ?, ?, ?, ?, ?)',
    hash,
    kind,
    now,
    expires,
    now,
    agent.slice(0, 200),
    network
  )
  return { secret, expires }
}

/** Whether the session goes on; being asked is being used. */
export function isSession(storage: Storage, hash: string, now: number): boolean {
  const [row] = storage.sql<{ seen: number }>(
    `select coalesce(last_seen, created) as seen from session where hash = ? and kind = 'session' and expires > ?`,
    hash,
    now
  )
  if (!row || row.seen < now - idle) return false
  if (row.seen < now - noted) storage.sql('update session set last_seen = ? where hash = ?', now, hash)
  return true
}

/** Uses up a one-time link; false when it is not known, used or too old. */
export function redeemLink(storage: Storage, hash: string, now: number): boolean {
  const query = `delete from session where hash = ? and kind = 'link' and expires > ? returning 1`
  return storage.sql(query, hash, now).length > 0
}

/** Sessions that go on, the last used first. */
export function listSessions(storage: Storage, now: number): SessionFacts[] {
  return storage.sql<SessionFacts>(
    `select substr(hash, 1, ${idLength}) as id, created, coalesce(last_seen, created) as last_seen, expires,
       coalesce(agent, '') as agent, coalesce(network, '') as network
     from session where kind = 'session' and expires > ? and coalesce(last_seen, created) >= ?
     order by last_seen desc`,
    now,
    now - idle
  )
}

/** Ends the session with this id; false when there is none. */
export function closeSession(storage: Storage, id: string): boolean {
  return storage.sql(`delete from session where substr(hash, 1, ${idLength}) = ? returning 1`, id).length > 0
}

/** Ends all sessions and links but the one that asks. */
export function closeOthers(storage: Storage, own: string): void {
  storage.sql('delete from session where hash <> ?', own)
}
