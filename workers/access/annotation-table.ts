import { mostAnnotations, type Annotation, type Note } from '#lib/schema/annotations.ts'
import type { Storage } from '../store/storage.ts'

export interface Added {
  annotation: Annotation
  /** Its key came before: this is what was kept then. */
  is_known: boolean
}

const columns = 'id, at, until, text, token'

/** The annotations of a site by time. */
export function listAnnotations(storage: Storage, site: string): Annotation[] {
  return storage.sql<Annotation>(`select ${columns} from annotation where site = ? order by at, id`, site)
}

/** Keeps what a token sent, once a key; null if the site is full of annotations that were written by hand. */
export function addAnnotation(
  storage: Storage,
  site: string,
  note: Note,
  token: string,
  key: string | null,
  now: number
): Added | null {
  return storage.transaction(() => {
    const query = `select ${columns} from annotation where site = ? and key = ?`
    const [known] = key === null ? [] : storage.sql<Annotation>(query, site, key)
    if (known) return { annotation: known, is_known: true }
    if (!makeRoom(storage, site)) return null
    const annotation = { id: crypto.randomUUID(), ...note, token }
    insert(storage, site, annotation, key, now)
    return { annotation, is_known: false }
  })
}

/** Keeps or changes an annotation of the page; null if the site is full. */
export function writeAnnotation(
  storage: Storage,
  site: string,
  id: string,
  note: Note,
  now: number
): Annotation | null {
  return storage.transaction(() => {
    const [changed] = storage.sql<Annotation>(
      `update annotation set at = ?, until = ?, text = ? where site = ? and id = ? returning ${columns}`,
      note.at,
      note.until,
      note.text,
      site,
      id
    )
    if (changed) return changed
    if (!makeRoom(storage, site)) return null
    const annotation = { id, ...note, token: null }
    insert(storage, site, annotation, null, now)
    return annotation
  })
}

/** False if there is no such annotation. */
export function removeAnnotation(storage: Storage, site: string, id: string): boolean {
  const query = 'delete from annotation where site = ? and id = ? returning 1'
  return storage.sql(query, site, id).length > 0
}

/** Removes the oldest that a token sent if the site has as many as it may; false if all were written by hand. */
function makeRoom(storage: Storage, site: string): boolean {
  const [row] = storage.sql<{ n: number }>('select count(*) as n from annotation where site = ?', site)
  if (row!.n < mostAnnotations) return true
  const oldest = `select id from annotation where site = ? and token is not null order by at, made, id limit 1`
  const query = `delete from annotation where site = ? and id = (${oldest}) returning 1`
  return storage.sql(query, site, site).length > 0
}

function insert(
  storage: Storage,
  site: string,
  { id, at, until, text, token }: Annotation,
  key: string | null,
  now: number
): void {
  storage.sql(
    `insert into annotation (site, id, at, until, text, made, token, key) values (?, ?, ?, ?, ?, ?, ?, ?)`,
    site,
    id,
    at,
    until,
    text,
    now,
    token,
    key
  )
}
