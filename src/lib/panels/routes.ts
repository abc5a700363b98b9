import type { Clause, Selection } from '#lib/filter/filter.ts'
import { isRollable } from '#lib/time/buckets.ts'
import { mayBeRolled } from '#lib/ask/rolled.ts'
import { fill } from '#lib/engine/fill.ts'
import { namesOf } from '#lib/star/star.ts'
import bins from './routes-bins.sql?raw'
import exact from './routes.sql?raw'
import rolled from './rolled/routes-asked.sql?raw'

/** The routes asked most: exactly, or by bins where the range is long, without roll-ups where they cannot tell anything. */
export function routesSql(selection: Selection): string {
  const names = { method: namesOf('method'), route: namesOf('route') }
  if (!isRollable(selection)) return fill(exact, names)
  const isRolled = mayBeRolled(selection, 'path')
  const rolledOf = (bin: string) => (isRolled ? `\n${fill(rolled, { bin })}` : '')
  return fill(bins, {
    ...names,
    left: isRolled ? ` AND is_left('path', 'now', time)` : '',
    rolled: rolledOf(''),
    rolled_bins: rolledOf(', bin')
  })
}

/** A row of routes.sql; milliseconds. */
export interface Route {
  method: string | null
  route: string
  requests: number
  p50: number
  p95: number
  p99: number
}

const id = '(?:[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|[0-9a-fA-F]{16,}|[0-9]+)'
const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The filter that leaves the hits of a route, ids of any value. */
export function clausesOfRoute({ method, route }: Pick<Route, 'method' | 'route'>): Clause[] {
  const parts = route.split(/:id(?=\/|$)/)
  const path: Clause =
    parts.length > 1
      ? { field: 'path', operator: 're', values: [`^${parts.map(quoted).join(id)}$`] }
      : { field: 'path', operator: 'is', values: [route] }
  return [{ field: 'method', operator: 'is', values: [method] }, path]
}

/** Places of durations from 0 to 100 on a logarithmic axis, and the powers of ten to label. */
export function logScale(values: readonly number[]) {
  const positive = values.filter((value) => value > 0)
  const low = Math.log10(Math.max(0.1, Math.min(...positive, 1000)))
  const high = Math.max(Math.log10(Math.max(...positive, 1)), low + 0.5)
  const place = (ms: number) => {
    const at = (Math.log10(Math.max(ms, 10 ** low)) - low) / (high - low)
    return Math.round(Math.min(1, Math.max(0, at)) * 10_000) / 100
  }
  const first = Math.ceil(low - 1e-9)
  const decades = positive.length ? Math.max(0, Math.floor(high) - first + 1) : 0
  return { place, ticks: Array.from({ length: decades }, (_, i) => 10 ** (first + i)) }
}
