import type { ColumnName } from '#lib/schema/hit.ts'

/** The texts of a log line that a phrase or a pattern is looked for in. */
export const lineFields = [
  'path',
  'query',
  'host',
  'method',
  'protocol',
  'referrer',
  'user_agent',
  'ip',
  'client_name',
  'remote_user',
  'message',
  'status',
  'bytes'
] as const satisfies readonly ColumnName[]

/** `time` is as the line writes it: `21/Nov/2026:20:39:40 +0100`. */
export type LineField = (typeof lineFields)[number] | 'time'

/** What is asked of one field, in any case of letters. `absent` and `present` ask nothing of its text. */
export interface Part {
  readonly field: LineField
  readonly how: 'contains' | 'begins' | 'ends' | 'equals' | 'absent' | 'present'
  readonly text: string
}

interface Joint {
  readonly from: LineField
  /** What stands between the two. */
  readonly mark: string
  readonly to: LineField | null
  /** Fields that would stand between the two if the line had them. */
  readonly without?: readonly LineField[]
}

/**
 * The combined format: `ip - user [time] "METHOD path?query PROTOCOL" status bytes "referrer" "agent"`. Without a query or a
 * protocol the line has no mark for it either; any other missing value is a `-`.
 */
const joints: readonly Joint[] = [
  { from: 'ip', mark: ' - ', to: 'remote_user' },
  { from: 'client_name', mark: ' - ', to: 'remote_user' },
  { from: 'remote_user', mark: ' [', to: 'time' },
  { from: 'time', mark: '] "', to: 'method' },
  { from: 'method', mark: ' ', to: 'path' },
  { from: 'path', mark: '?', to: 'query' },
  { from: 'path', mark: ' ', to: 'protocol', without: ['query'] },
  { from: 'path', mark: '" ', to: 'status', without: ['query', 'protocol'] },
  { from: 'query', mark: ' ', to: 'protocol' },
  { from: 'query', mark: '" ', to: 'status', without: ['protocol'] },
  { from: 'protocol', mark: '" ', to: 'status' },
  { from: 'status', mark: ' ', to: 'bytes' },
  { from: 'bytes', mark: ' "', to: 'referrer' },
  { from: 'referrer', mark: '" "', to: 'user_agent' },
  { from: 'user_agent', mark: '"', to: null }
]

const isOptional = (field: LineField) => field === 'query' || field === 'protocol'

type Shape = 'begins' | 'ends' | 'equals'

const address = /^[^\s"]*$/
const method = /^[\w-]*$/
const protocol = /^[A-Za-z]+(?:\/[\d.]*)?$/
const number = /^(?:-|\d+)$/
const clock = '00/aaa/0000:00:00:00 +0000'
const clockPasses: Record<Shape, (text: string) => boolean> = {
  begins: (text) => clock.startsWith(text),
  ends: (text) => clock.endsWith(text),
  equals: (text) => clock === text
}

/**
 * What a piece of a field looks like in a phrase that spans fields. It says which field a mark belongs to: a path may have
 * spaces, and ends before ` HTTP/1.1`.
 */
const shapes: Partial<Record<LineField, (text: string, how: Shape) => boolean>> = {
  ip: (text) => address.test(text),
  client_name: (text) => address.test(text),
  remote_user: (text) => !/ - | \[/.test(text),
  time: (text, how) =>
    clockPasses[how](
      text
        .replace(/\d/g, '0')
        .replace(/[A-Za-z]/g, 'a')
        .replace('-', '+')
    ),
  method: (text) => method.test(text),
  path: (text) => !/\?|" | HTTP\/[\d.]*"?$/.test(text),
  query: (text) => !/" | HTTP\/[\d.]*"?$/.test(text),
  protocol: (text, how) => (how === 'ends' ? address : protocol).test(text),
  status: (text) => number.test(text),
  bytes: (text) => number.test(text),
  referrer: (text) => !text.includes('" "'),
  user_agent: (text) => !text.endsWith('"')
}

/** What a piece within a field can be made of, for fields that are not any text. */
const alphabets: Partial<Record<LineField, RegExp>> = {
  ip: /^[\da-f.:]+$/i,
  client_name: address,
  method: /^\S+$/,
  protocol: /^\S+$/,
  status: /^\d+$/,
  bytes: /^\d+$/
}

const fits = (field: LineField, how: Shape, text: string) => shapes[field]?.(text, how) ?? true

/**
 * Every way in which a line can hold a phrase: within one field, or across fields, of which the first ends with its piece,
 * the last begins with it, and those between are equal to theirs. All parts of a way must hold. A way without parts always
 * holds.
 */
export function waysToHold(phrase: string): readonly Part[][] {
  if (!phrase) return [[]]
  const within = lineFields
    .filter((field) => alphabets[field]?.test(phrase) ?? true)
    .map((field): Part[] => [{ field, how: 'contains', text: phrase }])
  const across: Part[][] = []

  /** Goes over the mark of a joint that begins at `at`; below 0 the phrase begins within it. */
  const cross = ({ mark, to, without = [] }: Joint, at: number, before: Part[]) => {
    const rest = phrase.slice(Math.max(at, 0))
    const left = mark.slice(Math.max(-at, 0))
    const parts = [...before, ...without.map((field): Part => ({ field, how: 'absent', text: '' }))]
    if (left.startsWith(rest)) {
      across.push(to && isOptional(to) ? [...parts, { field: to, how: 'present', text: '' }] : parts)
    } else if (to && rest.startsWith(left)) enter(to, at + mark.length, parts)
  }
  const enter = (field: LineField, at: number, before: Part[]) => {
    const rest = phrase.slice(at)
    if (fits(field, 'begins', rest)) across.push([...before, { field, how: 'begins', text: rest }])
    leave(field, at, (text) =>
      fits(field, 'equals', text) ? [...before, { field, how: 'equals', text }] : null
    )
  }
  /** Tries every end of a field's piece that begins at `at`. */
  const leave = (field: LineField, at: number, partsOf: (text: string) => Part[] | null) => {
    for (const joint of joints.filter(({ from }) => from === field)) {
      for (let end = at + 1; end < phrase.length; end++) {
        const isMark = phrase.startsWith(joint.mark, end) || joint.mark.startsWith(phrase.slice(end))
        const parts = isMark ? partsOf(phrase.slice(at, end)) : null
        if (parts) cross(joint, end, parts)
      }
    }
  }

  for (const field of new Set(joints.map(({ from }) => from)))
    leave(field, 0, (text) => (fits(field, 'ends', text) ? [{ field, how: 'ends', text }] : null))
  for (const joint of joints) {
    const { from, mark } = joint
    const before: Part[] = isOptional(from) ? [{ field: from, how: 'present', text: '' }] : []
    for (let skipped = 0; skipped < mark.length; skipped++) cross(joint, -skipped, before)
  }
  return [...within, ...across]
}

const tests: Record<Exclude<Part['how'], 'absent' | 'present'>, (value: string, text: string) => boolean> = {
  contains: (value, text) => value.includes(text),
  begins: (value, text) => value.startsWith(text),
  ends: (value, text) => value.endsWith(text),
  equals: (value, text) => value === text
}

/** Whether a value passes; null is a missing one. */
export function passesPart({ how, text }: Part, value: string | null): boolean {
  if (how === 'absent' || how === 'present') return (value === null) === (how === 'absent')
  if (value === null) return how !== 'contains' && text === '-'
  return tests[how](value.toLowerCase(), text.toLowerCase())
}

/** A time as a line writes it: an instant in milliseconds, and the minutes its zone is ahead of UTC. */
export function timeOfLine(instant: number, utcOffset: number | null): string {
  const ahead = utcOffset ?? 0
  // Sat, 21 Nov 2026 20:39:40 GMT
  const [, day, month, year, time] = new Date(instant + ahead * 60_000).toUTCString().split(' ')
  const two = (n: number) => String(n).padStart(2, '0')
  const zone = two(Math.trunc(Math.abs(ahead) / 60)) + two(Math.abs(ahead) % 60)
  return `${day}/${month}/${year}:${time} ${ahead < 0 ? '-' : '+'}${zone}`
}

/** The instant in milliseconds and the minutes ahead of UTC that a whole time of a line says. */
export function readTimeOfLine(text: string): { instant: number; ahead: number } {
  const [, date, time, sign, hours, minutes] = /^(.{11}):(.{8}) ([+-])(..)(..)$/.exec(text)!
  const ahead = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  return { instant: Date.parse(`${date!.replaceAll('/', ' ')} ${time} UTC`) - ahead * 60_000, ahead }
}

const offset = 'abs(coalesce(utc_offset, 0))'

/** SQL for the same of a row of `hits`. */
export const sqlOfTime = `(strftime(time + to_minutes(coalesce(utc_offset, 0)), '%d/%b/%Y:%H:%M:%S ')
  || CASE WHEN utc_offset < 0 THEN '-' ELSE '+' END
  || lpad((${offset} // 60)::VARCHAR, 2, '0') || lpad((${offset} % 60)::VARCHAR, 2, '0'))`
