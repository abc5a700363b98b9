import type { Query } from '#lib/ask/query.ts'
import type { Device } from '#lib/device/device.ts'
import type { Cell } from '#lib/engine/connection.ts'
import { fill } from '#lib/engine/fill.ts'
import type { Dimension } from '#lib/filter/dimension.ts'
import { tableOf } from '#lib/star/star.ts'
import type { Period } from '#lib/time/period.ts'
import beforeSql from './before.sql?raw'
import { sourceOf, valuesOf } from './line-cells.ts'
import { Ladder, scaleOf, type Heavy, type Key, type Piece, type Stretch } from './ladder.ts'
import lineTimeSql from './line-time.sql?raw'
import linesSql from './lines.sql?raw'
import nextSql from './next.sql?raw'
import numbersSql from './numbers.sql?raw'
import overviewSql from './overview.sql?raw'
import passingSql from './passing.sql?raw'
import rungsSql from './rungs.sql?raw'

/** A line of the log: a request, or a line of an error log. */
export interface Line extends Key {
  readonly status: number | null
  readonly class: number
  readonly is_request: boolean
  /** Of an error log. */
  readonly message: string | null
  /** The values of the columns that were asked for, in their order. */
  readonly cells: readonly Cell[]
}

/** SQL: whether a line tells of an error of the server. */
export const failed = '(NOT is_request OR status >= 500)'

const within = ({ times, seqs }: Stretch) =>
  [
    `time >= epoch_ms(${times.from}) AND time < epoch_ms(${times.to})`,
    ...(seqs ? [`seq >= ${seqs.from} AND seq < ${seqs.to}`] : [])
  ].join(' AND ')

const later = ({ time, seq }: Key) =>
  `time >= epoch_ms(${time}) AND (time >= epoch_ms(${time + 1}) OR seq > ${seq})`
const earlier = ({ time, seq }: Key) =>
  `time < epoch_ms(${time + 1}) AND (time < epoch_ms(${time}) OR seq < ${seq})`

/** A connection for questions about lines: but for one count they read short stretches, so putting aside doesn't pay. */
export async function connectTo(device: Device): Promise<Query> {
  const query = await device.connect()
  query.putsAside = false
  return query
}

/** Counts the lines that are selected, by rungs of time. */
export const countLines = (query: Query, times: Period): Promise<Ladder> =>
  count(query, { times, seqs: null }, true)

async function count(query: Query, stretch: Stretch, isFirst = false): Promise<Ladder> {
  const known = scaleOf(stretch, isFirst) ? stretch : { ...stretch, seqs: await numbersOf(query, stretch) }
  const scale = scaleOf(known, isFirst)!
  const rows = await query.ask<{ rung: number; lines: number }>(
    fill(rungsSql, {
      at: scale.by === 'time' ? 'epoch_ms(time)' : 'seq',
      from: String(scale.from),
      width: String(scale.width),
      stretch: within(known)
    })
  )
  return new Ladder(
    known,
    scale,
    rows.map(({ rung, lines }) => [rung, lines] as const)
  )
}

async function numbersOf(query: Query, stretch: Stretch): Promise<Period> {
  const [row] = await query.ask<{ least: number | null; most: number | null }>(
    fill(numbersSql, { stretch: within(stretch) })
  )
  return { from: row?.least ?? 0, to: (row?.most ?? 0) + 1 }
}

const refine = async (query: Query, { ladder, rung, stretch }: Heavy) =>
  ladder.refine(rung, await count(query, stretch))

/** The lines at the positions `from` to `to`, oldest first. */
export async function linesAt(
  query: Query,
  ladder: Ladder,
  from: number,
  to: number,
  columns: readonly Dimension[]
): Promise<Line[]> {
  let cut = ladder.cut(from, to)
  for (; cut.heavy.length; cut = ladder.cut(from, to))
    for (const heavy of cut.heavy) await refine(query, heavy)
  const pages = await Promise.all(cut.pieces.map((piece) => linesOf(query, piece, columns)))
  return pages.flat()
}

/** The lines of a piece. */
export async function linesOf(
  query: Query,
  { stretch, offset, lines }: Piece,
  columns: readonly Dimension[]
): Promise<Line[]> {
  const sources = columns.map(sourceOf)
  const tuples = new Set(sources.flatMap(({ tuple }) => tuple ?? []))
  const rows = await query.ask<Omit<Line, 'cells'> & Record<string, Cell>>(
    fill(linesSql, {
      values: sources.map(({ sql }, i) => `, ${sql} AS of_${i}`).join('\n  '),
      joins: [...tuples].map((tuple) => `JOIN ${tableOf(tuple)} USING (${tuple})`).join('\n'),
      stretch: within(stretch),
      lines: String(lines),
      offset: String(offset)
    })
  )
  const codes = rows.map((row) => columns.map((_, i) => row[`of_${i}`] ?? null))
  const cells = await valuesOf(query, columns, codes)
  return rows.map(({ seq, time, status, class: place, is_request, message }, i) => ({
    seq,
    time,
    status,
    class: place,
    is_request,
    message,
    cells: cells[i]!
  }))
}

/** One line with the values of some columns; null if it is not selected. */
export async function lineOf(
  query: Query,
  { time, seq }: Key,
  columns: readonly Dimension[]
): Promise<Line | null> {
  const stretch = { times: { from: time, to: time + 1 }, seqs: { from: seq, to: seq + 1 } }
  return (await linesOf(query, { stretch, offset: 0, lines: 1 }, columns))[0] ?? null
}

/** How many lines stand before a key: its position, if it is selected. */
export async function positionOf(query: Query, ladder: Ladder, key: Key): Promise<number> {
  let place = ladder.find(key)
  for (; 'rung' in place; place = ladder.find(key)) await refine(query, place)
  const [row] = await query.ask<{ lines: number }>(
    fill(beforeSql, { stretch: within(place.stretch), before: earlier(key) })
  )
  return place.before + (row?.lines ?? 0)
}

/** The key of the line with a number; null if it is not selected. */
export async function keyOf(query: Query, seq: number): Promise<Key | null> {
  const [row] = await query.ask<{ time: number }>(fill(lineTimeSql, { seq: String(seq) }))
  return row ? { time: row.time, seq } : null
}

/** The next line after a key, or before it, that passes a test, or of those of some times; null if there is none. */
export async function nextOf(
  query: Query,
  test: string,
  key: Key,
  isLater: boolean,
  times?: Period
): Promise<Key | null> {
  const tests = [isLater ? later(key) : earlier(key), ...(times ? [within({ times, seqs: null })] : [])]
  const rows = await query.ask<{ time: number; seq: number }>(
    fill(nextSql, { test, beyond: tests.join(' AND '), order: isLater ? 'ASC' : 'DESC' })
  )
  return rows[0] ?? null
}

/** How many lines of a rung pass a test. */
export interface RungCount {
  readonly rung: number
  readonly lines: number
}

/** The lines that pass a test, by rung. */
export const overviewOf = (query: Query, { scale }: Ladder, test: string): Promise<RungCount[]> =>
  query.ask<RungCount>(fill(overviewSql, { from: String(scale.from), width: String(scale.width), test }))

/** How many of the selected lines stand up to a key, or from a time up to it: the rank of a match among matches. */
export async function rankOf(query: Query, { time, seq }: Key, from?: number): Promise<number> {
  const stretch = from === undefined ? 'true' : `time >= epoch_ms(${from})`
  const before = earlier({ time, seq: seq + 1 })
  const [row] = await query.ask<{ lines: number }>(fill(beforeSql, { stretch, before: `(${before})` }))
  return row?.lines ?? 0
}

/** SQL for the numbers of the lines among some, at least one, that pass the filter. */
export function passingOf(lines: readonly Key[]): string {
  const times = lines.map(({ time }) => time)
  return fill(passingSql, {
    from: String(Math.min(...times)),
    to: String(Math.max(...times)),
    seqs: lines.map(({ seq }) => seq).join(', ')
  })
}
