import { typeOf, isReading, type Dimension } from '#lib/filter/dimension.ts'
import { lineFields } from '#lib/filter/line.ts'
import { isMember, keyOf } from '#lib/filter/member.ts'
import { readDrops } from '#lib/accept/drop.ts'
import type { FieldSwitches } from '#lib/schema/field-switches.ts'
import { defaultColumns } from './columns.ts'

/** The switches that each field has, as the page calls them. */
export const switches = [
  { name: 'listed', title: 'Values', says: 'Explore lists its values beside the lines.' },
  {
    name: 'shown',
    title: 'Column',
    says: 'The list of lines shows it in a column, unless somebody chose other columns.'
  },
  {
    name: 'long',
    title: 'Long text',
    says: 'The list doesn’t show it as a column, and an unfolded line shows it only on request.'
  },
  {
    name: 'searched',
    title: 'Search',
    says: 'A search anywhere in the line includes it. Alerts that the server checks and loggia monitor never search it.'
  },
  { name: 'dropped', title: 'Not stored', says: 'The server removes it from new lines.' }
] as const

export type SwitchName = (typeof switches)[number]['name']

/** What is chosen: the fields of each list, of which `unlisted` are those whose switch is off. */
export interface Draft {
  readonly unlisted: readonly string[]
  readonly shown: readonly string[]
  readonly long: readonly string[]
  readonly searched: readonly string[]
  /** As the server names them; the others are named as filters name them. */
  readonly dropped: readonly string[]
}

/** The settings of a site that are edited together. */
export interface FieldSettings {
  readonly field_switches: FieldSwitches
  readonly dropped_fields: readonly string[]
}

export const draftOf = ({ field_switches: kept, dropped_fields: dropped }: FieldSettings): Draft => ({
  ...kept,
  shown: kept.shown ?? defaultColumns,
  dropped
})

export function settingsOf({ dropped, ...draft }: Draft): FieldSettings {
  const isUsual = draft.shown.length === 0 || draft.shown.join() === defaultColumns.join()
  return { field_switches: { ...draft, shown: isUsual ? null : draft.shown }, dropped_fields: dropped }
}

/** A field as the server's list of dropped fields names it. */
const dropOf = (field: Dimension) => (isMember(field) ? keyOf(field) : field)
const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

/** The dropped field with which another one goes: a key goes with the object that it is in. */
const dropperOf = (field: Dimension, dropped: readonly string[]): string | undefined => {
  if (!isMember(field)) return undefined
  const keys = keyOf(field).split('.')
  const names = keys.flatMap((key, i) => [key, keys.slice(0, i + 1).join('.')])
  return dropped.find((entry) => !same(entry, dropOf(field)) && names.some((name) => same(name, entry)))
}

/** Whether a switch of a field is on. */
export function isOn(draft: Draft, field: Dimension, name: SwitchName): boolean {
  if (name === 'dropped')
    return (
      draft.dropped.some((entry) => same(entry, dropOf(field))) ||
      dropperOf(field, draft.dropped) !== undefined
    )
  if (name === 'searched' && !isMember(field)) return isOfLine(field)
  return name === 'listed' ? !draft.unlisted.includes(field) : draft[name].includes(field)
}

const isOfLine = (field: Dimension) => field === 'time' || lineFields.some((name) => name === field)
const droppable: ReadonlySet<string> = new Set(['referrer', 'user_agent', 'query'])
const chosenElsewhere: Partial<Record<Dimension, string>> = {
  time: 'Every line needs its time.',
  ip: 'Choose under Settings how addresses are kept.',
  client_name: 'Choose under Settings how addresses are kept.',
  remote_user: 'Choose under Settings whether user names are kept.'
}

/** Why a switch of a field can't be changed; null if it can. */
export function whyFixed(draft: Draft, field: Dimension, name: SwitchName): string | null {
  switch (name) {
    case 'listed':
      return field === 'time' ? 'The histogram shows the times.' : null
    case 'shown':
      return null
    case 'long':
      return field === 'time' || isReading(field) || typeOf(field) !== 'VARCHAR'
        ? 'Only texts can be long.'
        : null
    case 'searched':
      if (isMember(field)) return null
      return isOfLine(field)
        ? 'A log line has it: it is always searched.'
        : 'A log line doesn’t have it. Filter by the field.'
    case 'dropped':
      return whyStored(draft, field)
  }
}

function whyStored({ dropped }: Draft, field: Dimension): string | null {
  if (isMember(field)) {
    const dropper = dropperOf(field, dropped)
    if (dropper !== undefined) return `It isn’t stored because “${dropper}” isn’t.`
    const read = readDrops([keyOf(field)])
    return typeof read === 'string' ? `It can’t be dropped: ${read}.` : null
  }
  if (droppable.has(field)) return null
  return chosenElsewhere[field] ?? 'Reports need it, or Loggia computes it. It can’t be dropped.'
}

/** The draft with a switch of some fields on or off. Fields whose switch is fixed stay as they are. */
export function switched(
  draft: Draft,
  fields: readonly Dimension[],
  name: SwitchName,
  isOnNow: boolean
): Draft {
  const some = fields.filter((field) => whyFixed(draft, field, name) === null)
  const put = (list: readonly string[], names: readonly string[], isIn: boolean) => {
    const kept = list.filter(
      (entry) => !names.some((one) => (name === 'dropped' ? same(one, entry) : one === entry))
    )
    // One that is on already keeps its place.
    return isIn ? [...list, ...names.filter((one) => !list.includes(one))] : kept
  }
  if (name === 'dropped') {
    const news = some.filter((field) => isOnNow !== isOn(draft, field, name)).map(dropOf)
    return { ...draft, dropped: put(draft.dropped, news, isOnNow) }
  }
  if (name === 'listed') return { ...draft, unlisted: put(draft.unlisted, some, !isOnNow) }
  const next = { ...draft, [name]: put(draft[name], some, isOnNow) }
  // A long text is no column.
  if (isOnNow && name === 'long') return { ...next, shown: put(next.shown, some, false) }
  if (isOnNow && name === 'shown') return { ...next, long: put(next.long, some, false) }
  return next
}
