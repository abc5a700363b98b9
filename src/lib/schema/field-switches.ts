/** How a site shows its fields: columns of a hit and keys of `extra`, by the names that filters have for them. */
export interface FieldSwitches {
  /** Fields without a list of their values on Explore. */
  readonly unlisted: readonly string[]
  /** The columns of the list of lines, in their order; null for the usual ones. */
  readonly shown: readonly string[] | null
  /** Long texts: no columns of the list, and shown whole only when asked for. */
  readonly long: readonly string[]
  /** Keys of `extra` that are searched for texts anywhere in a line. */
  readonly searched: readonly string[]
}

export const usualSwitches: FieldSwitches = { unlisted: [], shown: null, long: [], searched: [] }

/** The most of each list. Every search reads each key that is searched. */
export const mostSwitched = { unlisted: 400, shown: 40, long: 400, searched: 20 } as const satisfies Record<
  keyof FieldSwitches,
  number
>
const longest = 200

/** Why a value is no field switches; null if it is some. */
export function whyNoSwitches(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'the value is no object'
  for (const name of Object.keys(value))
    if (!Object.hasOwn(mostSwitched, name)) return `there is no switch ${name.slice(0, 64)}`
  for (const name of Object.keys(mostSwitched) as (keyof FieldSwitches)[]) {
    const list = (value as Partial<Record<string, unknown>>)[name]
    if (list === null && name === 'shown') continue
    if (!Array.isArray(list) || !list.every(isName)) return `${name} is no list of names of fields`
    if (list.length > mostSwitched[name]) return `${name} has more than ${mostSwitched[name]} fields`
    if (new Set(list).size < list.length) return `${name} has a field twice`
    if (name === 'shown' && !list.length) return 'shown has no field'
    if (name === 'searched' && !list.every((field) => field.startsWith('extra.')))
      return 'only keys of extra can be searched beside the columns'
  }
  return null
}

/** Columns and members: names of members are encoded, so that no name has a quote or a space. */
const isName = (name: unknown): name is string =>
  typeof name === 'string' && name.length <= longest && /^[\p{L}\p{N}_.@:/%-]+$/u.test(name)

export const isFieldSwitches = (value: unknown): value is FieldSwitches => whyNoSwitches(value) === null
