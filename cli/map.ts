import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { root } from './process.ts'

interface Topology {
  transform: { scale: [number, number]; translate: [number, number] }
  /** Steps from point to point. */
  arcs: [number, number][][]
  objects: { countries: { geometries: Geometry[] } }
}

type Geometry = { id?: string; properties: { name: string } } & (
  { type: 'Polygon'; arcs: number[][] } | { type: 'MultiPolygon'; arcs: number[][][] }
)

type Point = [x: number, y: number]

const width = 720
/** No country lies there, but an eighth of the map would. */
const antarctica = '010'
/** Those without a number of their own. */
const unnumbered: Record<string, string> = { Kosovo: 'XK', 'N. Cyprus': 'CY', Somaliland: 'SO' }

/** Writes the outlines of countries as paths of an SVG, from Natural Earth by way of world-atlas. */
function draw(): void {
  const file = createRequire(import.meta.url).resolve('world-atlas/countries-110m.json')
  const topology = JSON.parse(readFileSync(file, 'utf8')) as Topology
  const arcs = topology.arcs.map((arc) => decode(arc, topology.transform))
  const paths: Record<string, string> = {}
  for (const geometry of topology.objects.countries.geometries) {
    if (geometry.id === antarctica) continue
    const polygons = geometry.type === 'Polygon' ? [geometry.arcs] : geometry.arcs
    const code = codeOf(geometry)
    paths[code] =
      (paths[code] ?? '') +
      polygons
        .flat()
        .map((ring) => outline(ring, arcs))
        .join('')
  }
  writeFileSync(join(root, 'src/lib/panels/world.json'), `${JSON.stringify(paths, null, 2)}\n`)
}

/** ISO's three digits as two letters: `Intl` knows them as aliases. */
const codeOf = ({ id, properties: { name } }: Geometry) =>
  unnumbered[name] ?? new Intl.Locale(`und-${id}`).region ?? name

function decode(arc: readonly Point[], { scale, translate }: Topology['transform']): Point[] {
  let [x, y] = [0, 0]
  return arc.map(([dx, dy]) => {
    x += dx
    y += dy
    return [x * scale[0] + translate[0], y * scale[1] + translate[1]]
  })
}

/** Natural Earth's own projection, by Šavrič's polynomial. */
function project([longitude, latitude]: Point): Point {
  const [lambda, phi] = [(longitude * Math.PI) / 180, (latitude * Math.PI) / 180]
  const p2 = phi * phi
  const p4 = p2 * p2
  const x = lambda * (0.8707 - 0.131979 * p2 + p4 * (-0.013791 + p4 * (0.003971 * p2 - 0.001529 * p4)))
  const y = phi * (1.007226 + p2 * (0.015085 + p4 * (-0.044475 + 0.028874 * p2 - 0.005916 * p4)))
  const scale = width / (2 * 0.8707 * Math.PI)
  return [Math.round(x * scale + width / 2), Math.round(192 - y * scale)]
}

/** What crosses the date line goes on beyond it instead of back across the map. */
function unwrap(points: readonly Point[]): Point[] {
  const home = points.filter(([x]) => x > 0).length * 2 > points.length ? 1 : -1
  const crosses = points.some(([x], i) => Math.abs(x - (points[i - 1]?.[0] ?? x)) > 180)
  return points.map(([x, y]) => [crosses && Math.sign(x) === -home ? x + home * 360 : x, y])
}

/** A ring of arcs, a negative one backwards; steps that round to nothing are left out, as is what has no size. */
function outline(ring: readonly number[], arcs: readonly Point[][]): string {
  const points = unwrap(ring.flatMap((arc) => (arc < 0 ? arcs[~arc]!.toReversed() : arcs[arc]!))).map(project)
  const kept = points.filter(([x, y], i) => x !== points[i - 1]?.[0] || y !== points[i - 1]?.[1])
  const [first, ...rest] = kept
  if (!first || kept.length < 4) return ''
  let [x, y] = first
  const steps = rest.slice(0, -1).map(([toX, toY]) => {
    const step = `${toX - x}${toY - y < 0 ? '' : ' '}${toY - y}`
    ;[x, y] = [toX, toY]
    return step
  })
  return `M${first.join(' ')}l${steps.join(' ')}z`
}

if (import.meta.main) draw()
