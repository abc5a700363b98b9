import { axisX, axisY, barX, cell, dot, plot, rectY, ruleX, ruleY } from '@observablehq/plot'
import { visible } from '#lib/format/visible.ts'
import type { ResultColumn } from './column.ts'
import type { Chart } from '#lib/schema/pins.ts'
import { others, widthOf, type Mark } from './charting.ts'

const palette = ['lapis', 'verdigris', 'ochre', 'terracotta', 'plum', 'sky', 'stone'].map(
  (name) => `var(--c-${name})`
)

/** A chart, and what each of its colors is. */
export interface Drawn {
  readonly svg: Element
  readonly legend: readonly { readonly name: string; readonly color: string }[]
}

const named = (value: unknown) => (value === null || value === undefined ? 'null' : visible(String(value)))
const short = (value: unknown) => (named(value).length > 32 ? `${named(value).slice(0, 31)}…` : named(value))

function marksFor(chart: Chart, marks: readonly Mark[], names: readonly string[]) {
  const hasColor = names.length > 0
  const fill = hasColor ? (mark: Mark) => named(mark.color) : palette[0]!
  const tip = { fill: 'var(--panel)', stroke: 'var(--line-strong)' }
  if (chart.kind === 'time') {
    const width = widthOf(marks)
    const x2 = (mark: Mark) => (mark.x instanceof Date ? new Date(mark.x.getTime() + width) : mark.x)
    return [
      rectY([...marks], {
        x1: 'x',
        x2,
        y: 'y',
        fill,
        inset: 0.4,
        tip,
        ...(hasColor && { order: [...names] })
      }),
      ruleY([0], { stroke: 'var(--line-strong)' })
    ]
  }
  if (chart.kind === 'bars')
    return [
      barX([...marks], { x: 'y', y: (mark: Mark) => named(mark.x), fill, sort: { y: null }, tip }),
      ruleX([0], { stroke: 'var(--line-strong)' })
    ]
  if (chart.kind === 'heat')
    return [cell([...marks], { x: 'x', y: (mark: Mark) => named(mark.y), fill: 'color', inset: 0.5, tip })]
  return [dot([...marks], { x: 'x', y: 'y', fill, r: 3, fillOpacity: 0.75, tip })]
}

/** The names of the colors, the one with the largest sum first; what is left over comes last. */
function namesOf(marks: readonly Mark[]): string[] {
  const sums = new Map<string, number>()
  for (const { color, y } of marks) sums.set(named(color), (sums.get(named(color)) ?? 0) + (Number(y) || 0))
  const rank = ([name, sum]: [string, number]) => (name === others ? -1 : sum)
  return [...sums].sort((a, b) => rank(b) - rank(a)).map(([name]) => name)
}

/** Draws a chart. The stylesheet that Plot puts into it is left out, since the policy of the page forbids it. */
export function draw(
  chart: Chart,
  columns: readonly ResultColumn[],
  marks: readonly Mark[],
  width: number
): Drawn {
  const hasColor = chart.kind !== 'heat' && chart.color >= 0
  const names = hasColor ? namesOf(marks) : []
  const isBars = chart.kind === 'bars'
  const isHeat = chart.kind === 'heat'
  const rows = new Set(marks.map((mark) => named(isBars ? mark.x : mark.y))).size
  const label = (place: number) => visible(columns[place]?.name ?? '')
  const isWide = isBars || isHeat
  const isTimeHeat = isHeat && columns[chart.x]?.kind === 'time'
  const svg = plot({
    width,
    height: isWide ? Math.min(1_200, 46 + rows * 20) : 280,
    className: 'sql-plot',
    marginLeft: isWide ? Math.min(210, width * 0.4) : 56,
    marginBottom: isHeat && !isTimeHeat ? 70 : 36,
    style: { fontSize: '11px', fontFamily: 'var(--font)' },
    x: { label: label(isBars ? chart.y : chart.x), ...(isWide && !isBars ? { type: 'band' as const } : {}) },
    y: { label: isWide ? null : label(chart.y), ...(isWide ? { type: 'band' as const } : { grid: true }) },
    color: isHeat
      ? {
          type: 'linear',
          range: ['var(--seq-0)', 'var(--seq-6)'],
          interpolate: (a: string, b: string) => (t: number) => `color-mix(in oklab, ${a}, ${b} ${t * 100}%)`
        }
      : { type: 'ordinal', domain: names, range: palette.slice(0, Math.max(1, names.length)) },
    marks: [
      ...marksFor(chart, marks, names),
      ...(isWide ? [axisY({ tickFormat: short, label: null })] : []),
      ...(isHeat && !isTimeHeat ? [axisX({ tickFormat: short, tickRotate: -30 })] : [])
    ]
  } as Parameters<typeof plot>[0])
  for (const sheet of svg.querySelectorAll('style')) sheet.remove()
  // A group may not have a name; the text of the whole chart says what it shows.
  for (const group of svg.querySelectorAll('g[aria-label]')) group.removeAttribute('aria-label')
  return { svg, legend: names.map((name, i) => ({ name, color: palette[i % palette.length]! })) }
}
