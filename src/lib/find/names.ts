import { isSubject, type Dimension } from '#lib/filter/dimension.ts'
import { anywhere, fields, type Field } from '#lib/filter/fields.ts'
import { memberNamed } from '#lib/filter/members.ts'

/** Short names for fields, beside their columns and titles. */
const aliases: Readonly<Record<string, Dimension>> = {
  ms: 'duration',
  size: 'bytes',
  code: 'status',
  url: 'path',
  agent: 'user_agent',
  ua: 'user_agent',
  ref: 'referrer',
  referer: 'referrer',
  address: 'ip',
  cc: 'country',
  org: 'as_org',
  user: 'remote_user',
  bot: 'bot_name'
}

/** `Bytes sent`, `bytes_sent` and `BytesSent` are one name. */
const squeezed = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

const known: readonly Field[] = [...fields, anywhere]
const byTitle = new Map(known.map(({ title, name }) => [title, name]))
const bySqueezed = new Map(known.toReversed().map(({ title, name }) => [squeezed(title), name]))

/** The field of a name as it is typed, or null: a title, a column, or a short name. */
export function fieldOf(text: string): Dimension | null {
  const exact = byTitle.get(text)
  if (exact) return exact
  for (const name of [text, text.toLowerCase()]) if (isSubject(name)) return name
  const member = memberNamed(text)
  if (member) return member
  const short = text.toLowerCase()
  return (Object.hasOwn(aliases, short) ? aliases[short] : bySqueezed.get(squeezed(text))) ?? null
}

/** Fields whose title, column or short name holds a text, those that begin with it first. */
export function fieldsLike(text: string, others: readonly Field[] = []): Field[] {
  const wanted = squeezed(text)
  const shortOf = (name: Dimension) => Object.keys(aliases).filter((short) => aliases[short] === name)
  const rank = ({ name, title }: Field) => {
    const spellings = [title, name, ...shortOf(name)].map(squeezed)
    if (spellings.some((spelling) => spelling.startsWith(wanted))) return 0
    return spellings.some((spelling) => spelling.includes(wanted)) ? 1 : 2
  }
  return [...known, ...others].filter((field) => rank(field) < 2).toSorted((a, b) => rank(a) - rank(b))
}

/** Fields whose paths begin with a slash: there `/blog/` is a value, not a pattern. */
export const isPath = (field: Dimension) =>
  field === 'path' || field === 'entry_page' || field === 'exit_page'
