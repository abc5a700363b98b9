import { fill } from '#lib/engine/fill.ts'
import type { Cell } from '#lib/engine/connection.ts'
import type { Dimension } from '#lib/filter/dimension.ts'
import { fields } from '#lib/filter/fields.ts'
import { labelOf } from '#lib/filter/labels.ts'
import { valuesOf } from '#lib/filter/members.ts'
import { bytes, duration, exact, text } from '#lib/format/number.ts'
import { visible } from '#lib/format/visible.ts'
import { blockFormats, blocksOf } from '#lib/detect/block-lists.ts'
import { flatOf, namesOf } from '#lib/star/star.ts'
import { unitOf } from './field-values.ts'
import joined from './joined.sql?raw'
import lineSql from './line.sql?raw'
import type { Key } from './ladder.ts'
import marksSql from './marks.sql?raw'
import type { Logged } from './rebuilt.ts'

/** A row of line.sql: every column of a hit by its name, and `verdict`. `time` is milliseconds since 1970, UTC. */
export type Line = Logged & Record<string, Cell>

/** A row of joined.sql. */
export interface Joined {
  seq: number
  time: number
  status: number | null
  method: string | null
  path: string | null
  query: string | null
  message: string | null
}

const near = 5_000
const isLine = (seq: number, time: number) =>
  `time = epoch_ms(${Math.trunc(time)}) AND seq = ${Math.trunc(seq)}`

/** Asks for all of one line. `time` is in milliseconds. */
export const lineOf = (seq: number, time: number): string =>
  fill(lineSql, { is_line: isLine(seq, time), flat: flatOf('line AS hits') })

/** Asks for the lines of the other kind, requests or errors, of its address at its time. */
export function joinedTo(seq: number, time: number): string {
  const [from, to] = [Math.trunc(time) - near, Math.trunc(time) + near]
  return fill(joined, {
    is_line: isLine(seq, time),
    is_near: `hits.time >= epoch_ms(${from}) AND hits.time <= epoch_ms(${to})`,
    time: String(Math.trunc(time)),
    method: namesOf('method'),
    path: namesOf('path'),
    query: namesOf('query')
  })
}

/** A row of marks.sql. */
export interface MarkedLine {
  seq: number
  status: number | null
  message: string | null
  method: string | null
  path: string | null
}

/** Asks what marked lines, at least one, say. */
export function markedLines(marks: readonly Key[]): string {
  const times = marks.map(({ time }) => Math.trunc(time))
  return fill(marksSql, {
    method: namesOf('method'),
    path: namesOf('path'),
    from: String(Math.min(...times)),
    to: String(Math.max(...times)),
    seqs: marks.map(({ seq }) => Math.trunc(seq)).join(', ')
  })
}

/** A field of a line that has a value. */
export interface ShownField {
  title: string
  /** As it is shown. */
  label: string
  /** As it is copied, and filtered by. */
  value: string
  /** Null where one can't filter by it. */
  field: Dimension | null
}

/** The fields of a line by their groups; those that hold nothing are left out. */
export function groupsOf(line: Line): { title: string; fields: ShownField[] }[] {
  const groups = Map.groupBy(fields, ({ group }) => group)
  return [...groups]
    .map(([title, some]) => ({
      title,
      fields: some.flatMap(({ name, title }): ShownField[] => {
        const value = line[name] ?? null
        if (value === null || name === 'extra') return []
        return [{ title, value: String(value), label: labelOfValue(name, value), field: name }]
      })
    }))
    .concat([{ title: 'Other fields', fields: extrasOf(line.extra) }])
    .filter(({ fields }) => fields.length)
}

function labelOfValue(name: Dimension, value: Cell): string {
  const unit = unitOf(name)
  if (typeof value === 'number' && unit) {
    const short = text((unit === 'bytes' ? bytes : duration)(value))
    return unit === 'bytes' && value >= 1_000 ? `${short} (${exact(value)})` : short
  }
  const { lead, text: words } = labelOf(name, String(value))
  return [lead, words].filter((part, i, all) => part && all.indexOf(part) === i).join(' ')
}

/** What of a line has no column. */
const extrasOf = (extra: string | null): ShownField[] =>
  valuesOf(extra ?? '{}').map(({ member, key, value }) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return { title: visible(key), value: text, label: visible(text), field: value === null ? null : member }
  })

const nginx = blockFormats.find(({ name }) => name === 'nginx')!

/**
 * The rule by which nginx refuses the address of a line. Null for a verified or signed client, and where there is no
 * address of the public internet.
 */
export function denyRule(
  { ip, bot_proof }: { ip: string | null; bot_proof?: Cell },
  site: string,
  now: number
): string | null {
  if (ip === null || bot_proof === 'verified' || bot_proof === 'signed') return null
  const blocks = blocksOf([{ ip, attacks: 1, title: 'request' }], false)
  const [rule] = nginx
    .write(blocks, { site, at: now, days: 7 })
    .split('\n')
    .filter((line) => line.startsWith('deny '))
  return rule ?? null
}
