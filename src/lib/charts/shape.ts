/** A point of a drawing, or null where there is no value and the line breaks. */
export type Point = readonly [x: number, y: number] | null

const n = (value: number) => String(Math.round(value * 100) / 100)

const runs = (points: readonly Point[]) => {
  const found: [number, number][][] = [[]]
  for (const point of points) {
    if (point) found.at(-1)?.push([point[0], point[1]])
    else if (found.at(-1)?.length) found.push([])
  }
  return found.filter((run) => run.length)
}

const through = (run: readonly (readonly [number, number])[]) =>
  run.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')

export const line = (points: readonly Point[]) =>
  runs(points)
    .map((run) => (run.length === 1 ? `M${through(run)}h.01` : `M${through(run)}`))
    .join('')

/** From a line down to another, or to a level. */
export function area(points: readonly Point[], floor: number | readonly Point[]) {
  const present = points.filter((point) => point !== null)
  const [first, last] = [present[0], present.at(-1)]
  if (!first || !last) return ''
  if (typeof floor === 'number')
    return `M${through(present)}L${n(last[0])} ${n(floor)}L${n(first[0])} ${n(floor)}Z`
  const back = floor.filter((point) => point !== null).toReversed()
  return `M${through(present)}L${through(back)}Z`
}

export const bar = (x: number, width: number, top: number, bottom: number) =>
  bottom > top ? `M${n(x)} ${n(bottom)}V${n(top)}h${n(width)}V${n(bottom)}Z` : ''
