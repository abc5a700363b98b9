import type { AwayEvent, Notice, OutputFacts, OutputKind } from '#lib/schema/away.ts'
import type { Storage } from '../store/storage.ts'
import { cutAddress, pauseAfter, type Answer, type Target } from './send.ts'
import type { PushKeys } from './web-push.ts'

/** Events that are kept. */
const mostEvents = 500
/** Events that a page lists. */
const listed = 100
/** Sent at a time. */
const atOnce = 20

export interface Output extends Target {
  readonly id: string
}

/** An output as it is kept. */
interface Row {
  id: string
  kind: OutputKind
  url: string
  keys: string | null
}

const outputOf = ({ id, kind, url, keys }: Row): Output => ({
  id,
  kind,
  url,
  keys: keys === null ? null : (JSON.parse(keys) as PushKeys)
})

/** A notice that is due at an output. */
export interface Due {
  event: string
  output: Output
  notice: Notice
}

/** Keeps a notice, and one delivery for each output. Called in the transaction that has seen the alert. */
export function post(storage: Storage, notice: Notice, now: number): void {
  storage.sql(
    'insert or ignore into event (id, at, notice) values (?, ?, ?)',
    notice.id,
    now,
    JSON.stringify(notice)
  )
  storage.sql(
    'insert or ignore into delivery (event, output, kind, tries, due, is_sent) select ?, id, kind, 0, ?, 0 from output',
    notice.id,
    now
  )
  storage.sql('delete from event where position <= (select max(position) from event) - ?', mostEvents)
  storage.sql('delete from delivery where event not in (select id from event)')
}

/**
 * Deliveries that are due, each with its next try noted: an object that ends while it sends tries again later, and never
 * at once.
 */
export function takeDue(storage: Storage, now: number): Due[] {
  return storage.transaction(() => {
    const due = storage.sql<Row & { event: string; notice: string; tries: number }>(
      `select event, tries, notice, output.id, output.kind, url, keys from delivery
       join event on event.id = delivery.event join output on output.id = delivery.output
       where due <= ? order by event.position limit ?`,
      now,
      atOnce
    )
    for (const { event, id, tries } of due) {
      const pause = pauseAfter(tries + 1)
      storage.sql(
        'update delivery set tries = ?, due = ? where event = ? and output = ?',
        tries + 1,
        pause === null ? null : now + pause,
        event,
        id
      )
    }
    return due.map((row) => ({
      event: row.event,
      notice: JSON.parse(row.notice) as Notice,
      output: outputOf(row)
    }))
  })
}

/** Notes what an output answered; `event` is null for a test. A browser that is subscribed no more is forgotten. */
export function noteAnswer(
  storage: Storage,
  output: string,
  event: string | null,
  { isSent, answer, isGone }: Answer,
  now: number
): void {
  if (isGone) return void removeOutput(storage, output)
  storage.transaction(() => {
    storage.sql(
      'update output set answered = ?, is_sent = ?, answer = ? where id = ?',
      now,
      isSent ? 1 : 0,
      answer,
      output
    )
    if (isSent && event !== null)
      storage.sql('update delivery set due = null, is_sent = 1 where event = ? and output = ?', event, output)
  })
}

/** When the next delivery is due, ms since 1970; null if none is. */
export const nextDue = (storage: Storage): number | null =>
  storage.sql<{ due: number | null }>('select min(due) as due from delivery where due is not null')[0]!.due

export function addOutput(storage: Storage, { id, kind, url, keys }: Output, now: number): void {
  storage.sql(
    'insert into output (id, kind, url, keys, made) values (?, ?, ?, ?, ?)',
    id,
    kind,
    url,
    keys && JSON.stringify(keys),
    now
  )
}

/** Forgets an output and what it was not sent; false if there is none. */
export function removeOutput(storage: Storage, id: string): boolean {
  return storage.transaction(() => {
    storage.sql('delete from delivery where output = ? and is_sent = 0', id)
    return storage.sql('delete from output where id = ? returning id', id).length > 0
  })
}

/** Forgets outputs with this address. */
export function removeByUrl(storage: Storage, url: string): void {
  for (const { id } of storage.sql<{ id: string }>('select id from output where url = ?', url))
    removeOutput(storage, id)
}

export function findOutput(storage: Storage, id: string): Output | null {
  const [row] = storage.sql<Row>('select id, kind, url, keys from output where id = ?', id)
  return row ? outputOf(row) : null
}

export const countOutputs = (storage: Storage): number =>
  storage.sql<{ n: number }>('select count(*) as n from output')[0]!.n

/** Outputs, the oldest first, their addresses cut. */
export function listOutputs(storage: Storage): OutputFacts[] {
  return storage
    .sql<Row & { answered: number | null; is_sent: number; answer: string; waiting: number }>(
      `select id, kind, url, answered, is_sent, answer,
         (select count(*) from delivery where output = output.id and due is not null and tries > 0) as waiting
       from output order by made, id`
    )
    .map(({ id, kind, url, answered, is_sent, answer, waiting }) => ({
      id,
      kind,
      address: cutAddress(url),
      last: answered === null ? null : { at: answered, isSent: is_sent === 1, answer },
      waiting
    }))
}

/** What fired and recovered, the newest first. */
export function listEvents(storage: Storage): AwayEvent[] {
  return storage
    .sql<{ at: number; notice: string; sent: string; unsent: number }>(
      `select at, notice,
         coalesce((select json_group_array(kind) from delivery where event = event.id and is_sent = 1), '[]') as sent,
         (select count(*) from delivery where event = event.id and is_sent = 0) as unsent
       from event order by position desc limit ?`,
      listed
    )
    .map(({ at, notice, sent, unsent }) => {
      const { id, is, rule, value, fired, until } = JSON.parse(notice) as Notice
      const kinds = JSON.parse(sent) as OutputKind[]
      return { id, is, rule: rule.id, title: rule.title, value, fired, until, at, sent: kinds, unsent }
    })
}
