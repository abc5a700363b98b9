import type { AwayEvent, Notice, OutputFacts, OutputKind } from '#lib/schema/away.ts'
import type { Storage } from '../store/storage.ts'
import { cutAddress, pauseAfter, type Answer } from './send.ts'

/** Events that are kept. */
const mostEvents = 500
/** Events that a page lists. */
const listed = 100
/** Sent at a time. */
const atOnce = 20

export interface Output {
  id: string
  kind: OutputKind
  url: string
}

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
    'insert or ignore into delivery (event, output, tries, due, is_sent) select ?, id, 0, ?, 0 from output',
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
    const due = storage.sql<Output & { event: string; notice: string; tries: number }>(
      `select event, tries, notice, output.id, kind, url from delivery
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
    return due.map(({ event, notice, id, kind, url }) => ({
      event,
      notice: JSON.parse(notice) as Notice,
      output: { id, kind, url }
    }))
  })
}

/** Notes what an output answered; `event` is null for a test. */
export function noteAnswer(
  storage: Storage,
  output: string,
  event: string | null,
  { isSent, answer }: Answer,
  now: number
): void {
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

export function addOutput(storage: Storage, { id, kind, url }: Output, now: number): void {
  storage.sql('insert into output (id, kind, url, made) values (?, ?, ?, ?)', id, kind, url, now)
}

/** Forgets an output and what waits for it; false if there is none. */
export function removeOutput(storage: Storage, id: string): boolean {
  return storage.transaction(() => {
    storage.sql('update delivery set due = null where output = ?', id)
    return storage.sql('delete from output where id = ? returning id', id).length > 0
  })
}

export const findOutput = (storage: Storage, id: string): Output | null =>
  storage.sql<Output & Record<string, string>>('select id, kind, url from output where id = ?', id)[0] ?? null

export const countOutputs = (storage: Storage): number =>
  storage.sql<{ n: number }>('select count(*) as n from output')[0]!.n

/** Outputs, the oldest first, their addresses cut. */
export function listOutputs(storage: Storage): OutputFacts[] {
  return storage
    .sql<Output & { answered: number | null; is_sent: number; answer: string; waiting: number }>(
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
         coalesce((select json_group_array(kind) from delivery join output on output.id = delivery.output
           where event = event.id and delivery.is_sent = 1), '[]') as sent,
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
