import { page } from '$app/state'
import { around } from '#lib/alert/around.ts'
import type { Flag } from '#lib/charts/flags.ts'
import { isLocal } from '#lib/device/local-name.ts'
import { readClause } from '#lib/filter/filter.ts'
import { moment, span } from '#lib/format/time.ts'
import { visible } from '#lib/format/visible.ts'
import type { Annotation } from '#lib/schema/annotations.ts'
import type { AwayEvent } from '#lib/schema/away.ts'
import { writeAddress, type Change } from '#lib/state/address.ts'
import { alerts } from '#lib/state/alerts.svelte.ts'
import { annotations } from '#lib/state/annotations.svelte.ts'
import { call } from '#lib/state/session.svelte.ts'
import { view } from '#lib/state/view.svelte.ts'
import { writeStretch } from '#lib/time/range.ts'
import { alertSpans, type AlertSpan } from './spans.ts'

interface Shown extends Flag {
  /** What it says. Whoever wrote it, nothing in it is hidden. */
  readonly text: string
  /** When it was. */
  readonly times: string
}

export interface NoteFlag extends Shown {
  readonly kind: 'annotation'
  readonly annotation: Annotation
}

export interface AlertFlag extends Shown {
  readonly kind: 'alert'
  readonly alert: AlertSpan
}

export type ShownFlag = NoteFlag | AlertFlag

const every = 60_000

/** What charts mark: the annotations of the site that is open, and the alerts that are known of. */
class Flags {
  /** Alerts that the server saw while no page was open. */
  #away = $state.raw<readonly AwayEvent[]>([])
  #site = ''
  #openers = 0
  #clock: ReturnType<typeof setInterval> | undefined

  all = $derived.by((): readonly ShownFlag[] => [
    ...annotations.list.map(flagOfNote),
    ...alertSpans(alerts.firings, this.#away).map(flagOfAlert)
  ])
  #current = $derived(annotations.areShown ? this.all : [])

  /** Those of a kind that charts show; all of them for null. */
  of = (kind: Flag['kind'] | null): readonly ShownFlag[] =>
    kind === null ? this.#current : this.#current.filter((flag) => flag.kind === kind)

  /** Asks for them now and then as long as a chart shows them; returns what ends that. */
  open(site: string): () => void {
    if (site !== this.#site) this.#away = []
    this.#site = site
    void this.#read()
    if (!this.#openers++) this.#clock = setInterval(() => document.hidden || void this.#read(), every)
    return () => {
      if (!--this.#openers) clearInterval(this.#clock)
    }
  }

  async #read() {
    const site = this.#site
    await annotations.open(site)
    if (isLocal(site) || !alerts.rules.some(({ away }) => away)) return
    try {
      const path = `/api/sites/${encodeURIComponent(site)}/away`
      const { events } = await call<{ events: readonly AwayEvent[] }>(path)
      if (site === this.#site) this.#away = events
    } catch {
      // The server is away: those stay that it told of before.
    }
  }
}

export const flags = new Flags()

function flagOfNote(annotation: Annotation): NoteFlag {
  const { id, at, until, text } = annotation
  return {
    id,
    kind: 'annotation',
    from: at,
    to: until,
    text: visible(text),
    times: until === null ? moment(at) : span(at, until),
    annotation
  }
}

function flagOfAlert(alert: AlertSpan): AlertFlag {
  const { rule, title, fired, until } = alert
  const from = fired * 1_000
  const since = `since ${moment(from)}`
  return {
    id: `${rule} ${fired}`,
    kind: 'alert',
    from,
    to: until === null ? Infinity : until * 1_000,
    text: visible(title),
    times: until === null ? since : span(from, Math.max(until * 1_000, from + 1)),
    alert
  }
}

const pathTo = (place: string, change: Change, hash = '') => {
  const { zone } = { zone: page.url.searchParams.get('tz') }
  const params = new URLSearchParams(zone ? { tz: zone } : {})
  return `/s/${encodeURIComponent(page.params.site ?? '')}/${place}${writeAddress(params, change, change.clauses ?? [])}${hash}`
}

/** The lines that a rule counted from its window before it fired until it recovered; null if its filter can't be said. */
export function linesOf({ fired, until, ...alert }: AlertSpan): string | null {
  const rule = alerts.rules.find(({ id }) => id === alert.rule)
  if (!rule) return null
  const clauses = rule.where.map(readClause)
  if (clauses.includes(null)) return null
  const to = until === null ? view.now : until * 1_000
  const period = writeStretch({ from: (fired - rule.window) * 1_000, to }, view.zone)
  return pathTo('explore', { period, clauses: clauses.filter((clause) => clause !== null) })
}

/** A rule with the time around an alert; null if the rule was deleted. */
export function ruleOf({ fired, until, ...alert }: AlertSpan): string | null {
  const rule = alerts.rules.find(({ id }) => id === alert.rule)
  if (!rule) return null
  const period = writeStretch(around({ fired, until }, rule.window), view.zone)
  return pathTo('alerts', { period }, `#rule=${rule.id}`)
}
