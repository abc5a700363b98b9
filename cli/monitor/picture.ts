import { metrics } from '../../src/lib/alert/metrics.ts'
import type { Wall } from '../../src/lib/alert/mute.ts'
import { count } from '../count.ts'
import { fit } from './fit.ts'
import type { Figure } from './recent.ts'
import type { Unwatched, Watched } from './session.ts'

/** What the screen shows. */
export interface View {
  log: string
  /** The second that was looked at last; null as long as none was. */
  reached: number | null
  isLive: boolean
  /** Requests of each of the last seconds, the oldest first. */
  rates: readonly number[]
  /** Requests of the last minute by the first digit of their status. */
  classes: readonly number[]
  sections: readonly Figure[]
  users: readonly Figure[]
  watched: readonly Pick<Watched, 'rule' | 'spell'>[]
  unwatched: readonly Unwatched[]
  /** The last alerts, the newest first. */
  alerts: readonly string[]
  requests: number
  /** What was left out, in words. */
  left: readonly string[]
  warning: string | null
  wall: Wall
}

type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan'
const codes: Record<Style, number> = { bold: 1, dim: 2, red: 31, yellow: 33, green: 32, cyan: 36 }

/** Colors a text, or leaves it as it is. */
type Paint = (style: Style, text: string) => string

export const colored: Paint = (style, text) => `\u001b[${codes[style]}m${text}\u001b[0m`
export const plain: Paint = (_, text) => text

/** Rows of lists: heads, figures and the last line take seven. */
const fixed = 7
/** From so many rows on, lists stand apart. */
const roomy = 21
const shown = { tops: 8, seconds: 180 }

/** The lines of a screen, at most `rows`, each `columns` wide. */
export function draw(view: View, columns: number, rows: number, paint: Paint): string[] {
  const gap = rows >= roomy ? [''] : []
  const room = rows - fixed - 3 * gap.length
  const tops = Math.min(shown.tops, Math.max(1, Math.ceil(room * 0.4)))
  const all = view.watched.length + view.unwatched.length
  const rules = Math.max(1, Math.min(all, room - tops - Math.max(1, Math.floor(room * 0.25))))
  const alerts = Math.max(0, room - tops - rules)
  const lines = [
    ...head(view, columns, paint),
    ...gap,
    ...lists(view, tops, columns, paint),
    ...gap,
    paint('bold', fit('Rules', columns)),
    ...ruleLines(view, rules, columns, paint),
    ...gap,
    paint('bold', fit('Alerts', columns)),
    ...filled(view.alerts.length > 0 ? view.alerts : ['None yet'], alerts).map((text) => fit(text, columns)),
    paint('dim', foot(view, columns))
  ]
  return lines.slice(0, rows)
}

function head(view: View, columns: number, paint: Paint): string[] {
  const { rates, classes, reached } = view
  const clock = reached === null ? '' : timeOf(reached, view.wall)
  const state = view.isLive ? clock : reached === null ? 'waiting' : `reading, at ${clock}`
  const now = rates.at(-1) ?? 0
  const minute = rates.slice(-60)
  const mean = minute.reduce((sum, hits) => sum + hits, 0) / (minute.length || 1)
  const figure = `${now} req/s, ${mean.toFixed(1)} over ${minute.length} s  `
  const statuses = classes.map((hits, at) => ({ name: `${at}xx ${hits}`, at })).slice(2)
  const text = statuses.map(({ name }) => name).join('  ')
  return [
    paint('bold', fit(`Loggia monitor  ${view.log}`, columns - state.length - 1)) + ` ${state}`,
    paint('bold', figure) + paint('cyan', spark(rates, columns - figure.length)),
    statuses.map(({ name, at }) => paint(styles[at]!, name)).join('  ') +
      fit('  in the last 60 s', Math.max(0, columns - text.length))
  ]
}

const styles: Record<number, Style> = { 2: 'green', 3: 'cyan', 4: 'yellow', 5: 'red' }
const bars = ' ▁▂▃▄▅▆▇█'

/** Bars of the mean rate of equal times, which together are the last minutes. */
function spark(rates: readonly number[], columns: number): string {
  if (columns < 1) return ''
  const step = Math.max(1, Math.ceil(shown.seconds / columns))
  const means = Array.from({ length: columns }, (_, i) => {
    const end = rates.length - (columns - 1 - i) * step
    const part = rates.slice(Math.max(0, end - step), Math.max(0, end))
    return part.reduce((sum, hits) => sum + hits, 0) / step
  })
  const most = Math.max(...means)
  return means.map((mean) => bars[mean > 0 ? Math.max(1, Math.round((8 * mean) / most)) : 0]).join('')
}

function lists({ sections, users }: View, rows: number, columns: number, paint: Paint): string[] {
  const left = Math.floor((columns - 2) / 2)
  const right = columns - 2 - left
  const row = (at: number) => `${figure(sections[at], left)}  ${figure(users[at], right)}`
  return [
    paint('bold', `${fit('Sections', left)}  ${fit('Users', right)}`),
    ...Array.from({ length: rows }, (_, at) => row(at))
  ]
}

function figure(one: Figure | undefined, columns: number): string {
  if (!one) return ' '.repeat(columns)
  const hits = String(one.hits)
  return `${fit(one.name, columns - hits.length - 1)} ${hits}`
}

interface State {
  order: number
  word: string
  style: Style
  text: string
}

function ruleLines(view: View, rows: number, columns: number, paint: Paint): string[] {
  const states = [
    ...view.watched.map((one) => ({ title: one.rule.title, ...stateOf(one, view.wall) })),
    ...view.unwatched.map(({ rule, why }) => ({
      title: rule.title,
      ...{ order: 4, word: 'not evaluated', style: 'dim' as const, text: why }
    }))
  ].sort((a, b) => a.order - b.order)
  const title = Math.min(24, Math.floor(columns / 3))
  const lines = states.map(
    ({ title: name, word, style, text }) =>
      `${fit(name, title)} ${paint(style, fit(word, 13))} ${fit(text, columns - title - 15)}`
  )
  const more = lines.length - rows + 1
  return lines.length > rows
    ? [...lines.slice(0, rows - 1), fit(`and ${count(more, 'more rule')}`, columns)]
    : filled(lines, rows)
}

function stateOf({ rule, spell }: Pick<Watched, 'rule' | 'spell'>, wall: Wall): State {
  const { unit } = metrics[rule.metric]
  const sign = rule.comparator === 'above' ? '≥' : '<'
  const over = rule.metric === 'silence' ? 'without a request' : `over ${rule.window} s`
  const limit = `${sign} ${rule.threshold} ${unit} ${over}`
  if (spell === null) return { order: 3, word: 'OK', style: 'green', text: limit }
  const value = `${Number(spell.peak.toFixed(1))} ${unit}`
  if (spell.until !== null)
    return spell.fired === null
      ? { order: 3, word: 'OK', style: 'green', text: limit }
      : { order: 2, word: 'recovered', style: 'green', text: `at ${timeOf(spell.until, wall)}, ${limit}` }
  const since = `since ${timeOf(spell.since, wall)}, ${value}, ${limit}`
  return spell.fired === null
    ? { order: 1, word: 'pending', style: 'yellow', text: since }
    : { order: 0, word: 'firing', style: 'red', text: since }
}

function foot({ requests, left, warning }: View, columns: number): string {
  const parts = [count(requests, 'request'), ...left, ...(warning === null ? [] : [warning])]
  return `${fit(parts.join(' · '), columns - 9)} ${fit('q quits', 8, 'right')}`
}

const filled = (lines: readonly string[], rows: number): string[] =>
  Array.from({ length: rows }, (_, at) => lines[at] ?? '')

const timeOf = (second: number, wall: Wall) => new Date(wall(second * 1_000)).toISOString().slice(11, 19)
