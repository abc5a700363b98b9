/** A visit ends after so many milliseconds without a request. */
export const visitGap = 1_800_000

/** Visits that the store has of some visitors, in columns. Times are milliseconds. */
export interface KnownVisits {
  /** The greatest number of any visit in the store. */
  most: number
  visitor: Int32Array
  visit: Int32Array
  first: Float64Array
  last: Float64Array
}

/** Rows to find the visits of. */
export interface VisitorRows {
  /** By row: the place of its visitor in `visitors`, counted from 1; 0 if it has none. */
  places: Uint32Array
  visitors: Int32Array
  times: Float64Array
  /** By row: whether it belongs to a visit. */
  counts: Uint8Array
}

/** By row: the number of its visit, or 0. New rows may join visits of the store: `visit` then becomes `into`. */
export interface FoundVisits {
  visits: Int32Array
  joined: { visit: number; into: number }[]
}

/** A row, or a visit of the store. */
interface Stay {
  first: number
  last: number
  visit: number
  row: number
}

/** Numbers the visits of rows. Rows of a visitor are mostly in the order of time, and after what the store has. */
export function findVisits(rows: VisitorRows, known: KnownVisits): FoundVisits {
  const { places, visitors, times, counts } = rows
  const placeOf = known.visit.length ? new Map(Array.from(visitors, (visitor, i) => [visitor, i + 1])) : null
  const last = new Float64Array(visitors.length + 1).fill(-Infinity)
  const current = new Int32Array(visitors.length + 1)
  for (let i = 0; i < known.visit.length; i++) {
    const place = placeOf!.get(known.visitor[i]!)!
    if (known.last[i]! <= last[place]!) continue
    last[place] = known.last[i]!
    current[place] = known.visit[i]!
  }
  const visits = new Int32Array(places.length)
  const late = new Set<number>()
  let { most } = known
  for (let row = 0; row < visits.length; row++) {
    if (!counts[row]) continue
    const place = places[row]!
    const pause = times[row]! - last[place]!
    if (pause < 0) late.add(place)
    if (pause > visitGap) current[place] = ++most
    last[place] = times[row]!
    visits[row] = current[place]!
  }
  const joined = late.size ? sortOut(rows, known, late, placeOf, visits, most) : []
  return { visits, joined }
}

/** Numbers the visits of `late` visitors again, whose rows are out of order. Returns which visits of the store it joined. */
function sortOut(
  { places, times, counts }: VisitorRows,
  known: KnownVisits,
  late: ReadonlySet<number>,
  placeOf: ReadonlyMap<number, number> | null,
  visits: Int32Array,
  most: number
): FoundVisits['joined'] {
  const stays = new Map<number, Stay[]>(Array.from(late, (place) => [place, []]))
  for (let i = 0; i < known.visit.length; i++)
    stays
      .get(placeOf!.get(known.visitor[i]!)!)
      ?.push({ first: known.first[i]!, last: known.last[i]!, visit: known.visit[i]!, row: -1 })
  for (let row = 0; row < visits.length; row++)
    if (counts[row] && late.has(places[row]!))
      stays.get(places[row]!)!.push({ first: times[row]!, last: times[row]!, visit: 0, row })
  const joined: FoundVisits['joined'] = []
  for (const ofOne of stays.values())
    for (const run of runsOf(ofOne)) {
      const [into = ++most, ...others] = run.map(({ visit }) => visit).filter(Boolean)
      for (const { row } of run) if (row >= 0) visits[row] = into
      joined.push(...others.map((visit) => ({ visit, into })))
    }
  return joined
}

/** Stays that are no more than a visit's gap apart, together. */
function runsOf(stays: readonly Stay[]): Stay[][] {
  const runs: Stay[][] = []
  let end = -Infinity
  for (const stay of stays.toSorted((a, b) => a.first - b.first)) {
    if (stay.first - end > visitGap) runs.push([])
    runs.at(-1)!.push(stay)
    end = Math.max(end, stay.last)
  }
  return runs
}
