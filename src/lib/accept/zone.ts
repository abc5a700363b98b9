/** Minutes east of UTC at a time on the clocks of a zone; the time is ms since 1970, read as if it were UTC. */
export type Zone = (wall: number) => number

/** A zone as somebody calls it, in the spelling that is kept. */
interface NamedZone {
  name: string
  zone: Zone
}

/** What a site says of times that name no zone. */
export interface ZoneSettings {
  /** The zone by its name. */
  time_zone: string | null
  /** Minutes east of UTC, instead. */
  utc_offset: number | null
}

/** Minutes east of UTC of times that name no zone; null if the site has no zone for them. */
export const offsetOf = ({ time_zone: name, utc_offset: offset }: ZoneSettings): number | Zone | null =>
  name === null ? offset : (readZone(name)?.zone ?? null)

/** Cities whose zones went by another name before: engines list the old one and know both. */
const renamed = [
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Yangon',
  'Asia/Ho_Chi_Minh',
  'Europe/Kyiv',
  'America/Nuuk'
]

/** Names that can be chosen from. */
export function zoneNames(): string[] {
  return ['UTC', ...new Set([...Intl.supportedValuesOf('timeZone'), ...renamed])].sort()
}

const hour = 3_600_000
const quarter = 900_000
const fixed = /^(?:UTC|GMT)?\s*([+\u2212-])(\d{1,2})(?::?([0-5]\d))?$/i

const found = new Map<string, NamedZone | null>()

/** The zone of an IANA name, the last word of one (`Kolkata`), or an offset (`+02:00`, `GMT`); null if there is no such zone. */
export function readZone(text: string): NamedZone | null {
  const known = found.get(text)
  if (known !== undefined) return known
  const zone = findZone(text.trim())
  if (found.size > 1_000) found.clear()
  found.set(text, zone)
  return zone
}

function findZone(typed: string): NamedZone | null {
  if (/^(?:UTC|GMT|Z)$/i.test(typed)) return { name: 'UTC', zone: () => 0 }
  const [, sign, hours, minutes = '00'] = fixed.exec(typed) ?? []
  if (sign !== undefined) {
    const east = (Number(hours) * 60 + Number(minutes)) * (sign === '+' ? 1 : -1)
    if (Math.abs(east) > 18 * 60) return null
    return { name: offsetName(east), zone: () => east }
  }
  const wanted = typed.toLowerCase().replaceAll(' ', '_')
  const name = zoneNames().find((name) => {
    const known = name.toLowerCase()
    return known === wanted || known.endsWith(`/${wanted}`)
  })
  const spelled = name ?? (/^[A-Za-z_]+(?:\/[\w+-]+)*$/.test(typed) ? typed : null)
  const clock = spelled === null ? null : clockOf(spelled)
  return clock === null ? null : { name: spelled!, zone: zoneOf(clock) }
}

/** `+03:30` of 210 minutes east of UTC. */
export function offsetName(east: number): string {
  const size = Math.abs(east)
  const clock = [Math.floor(size / 60), size % 60].map((part) => String(part).padStart(2, '0')).join(':')
  return `${east < 0 ? '-' : '+'}${clock}`
}

function clockOf(name: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
  } catch {
    return null
  }
}

const mostKept = 10_000

/**
 * Clocks that are set back show an hour twice: the first one counts. Of the hour that they skip, the offset before it
 * counts. Lines come by the thousand, so offsets are kept for each quarter of an hour.
 */
function zoneOf(clock: Intl.DateTimeFormat): Zone {
  const kept = new Map<number, number>()
  return (wall) => {
    const at = Math.floor(wall / quarter)
    const known = kept.get(at)
    if (known !== undefined) return known
    if (kept.size >= mostKept) kept.clear()
    const offset = offsetAtWall(clock, at * quarter)
    kept.set(at, offset)
    return offset
  }
}

function offsetAtWall(clock: Intl.DateTimeFormat, wall: number): number {
  const [before, after] = [wall - 24 * hour, wall + 24 * hour].map((time) => offsetAt(clock, time)) as [
    number,
    number
  ]
  // The larger offset is the earlier moment.
  const fitting = [before, after].filter((offset) => offsetAt(clock, wall - offset * 60_000) === offset)
  return fitting.length === 0 ? before : Math.max(...fitting)
}

/** Minutes east of UTC at a moment. */
function offsetAt(clock: Intl.DateTimeFormat, time: number): number {
  const name = clock.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? []
  const size = Number(hours) * 60 + Number(minutes)
  return sign === '-' ? -size : size
}
