import type { AlertEdit } from '#lib/schema/alerts.ts'
import type { Storage } from '../store/storage.ts'

/** Edits that are kept of a site. */
const most = 100

/** Keeps edits of the alert rules of a site. */
export function noteEdits(storage: Storage, site: string, edits: readonly AlertEdit[]): void {
  for (const edit of edits)
    storage.sql('insert into alert_edit (site, edit) values (?, ?)', site, JSON.stringify(edit))
  if (edits.length)
    storage.sql(
      `delete from alert_edit where site = ? and position not in
       (select position from alert_edit where site = ? order by position desc limit ?)`,
      site,
      site,
      most
    )
}

/** Edits of the alert rules of a site, the newest first. */
export const listEdits = (storage: Storage, site: string): AlertEdit[] =>
  storage
    .sql<{ edit: string }>('select edit from alert_edit where site = ? order by position desc', site)
    .map(({ edit }) => JSON.parse(edit) as AlertEdit)
