import type { Question } from '#lib/ask/counted.ts'
import { utcDay } from '#lib/ask/measure.ts'
import { fill } from '#lib/engine/fill.ts'
import type { Clause } from '#lib/filter/filter.ts'
import { namesOf } from '#lib/star/star.ts'
import { routes } from './measures/measures.ts'
import bins from './routes-bins.sql?raw'
import exact from './routes.sql?raw'

const names = { method: namesOf('method'), name: namesOf('route') }

/** The routes asked most: exactly, or by bins where the range is long. */
export const routesOf =
  (isLong: boolean): Question =>
  (counted) =>
    isLong
      ? fill(bins, { ...names, routes: counted(routes, { own: 'path*', period: 'now', at: utcDay }) })
      : fill(exact, names)

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
