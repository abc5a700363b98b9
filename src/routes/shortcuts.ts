import { goto } from '$app/navigation'
import { resolve } from '$app/paths'
import { page } from '$app/state'
import { keys } from '#lib/state/keys.svelte.ts'
import { presets, widen } from '#lib/time/range.ts'
import { session } from '#lib/state/session.svelte.ts'
import { view } from '#lib/state/view.svelte.ts'
import { pathTo, sectionsOf } from './sections.ts'

/** What a key does. One that has nothing to do on this page is not there. */
export interface Shortcut {
  key: string
  title: string
  group: 'Anywhere' | 'Sections' | 'Period' | 'Filter' | 'Sites'
  run: () => unknown
}

/** The key of each preset; one without a key is left out. */
export const presetKeys: Record<string, string> = {
  today: 'd',
  yesterday: 'e',
  '1h': 'h',
  '7d': 'w',
  '30d': 't',
  month: 'm',
  year: 'y',
  all: 'a'
}

/** A key that presses a control: it is there when the control is, and does what the control does. */
function pressing(key: string, title: string, group: Shortcut['group'], selector: string): Shortcut[] {
  const control = document.querySelector<HTMLButtonElement>(selector)
  if (!control || control.disabled) return []
  const run = () => {
    // Where the focus comes back to from what it opens.
    if (control.ariaHasPopup) control.focus()
    control.click()
  }
  return [{ key, title, group, run }]
}

const periods = (): Shortcut[] =>
  presets.flatMap(({ name, title }) => {
    const key = presetKeys[name]
    return key ? [{ key, title, group: 'Period', run: () => view.change({ period: name }) }] : []
  })

const clearing = (): Shortcut[] =>
  view.clauses.length
    ? [
        {
          key: 'Escape',
          title: 'Clear the filters',
          group: 'Filter',
          run: () => view.change({ clauses: [] })
        }
      ]
    : []

const sites = (): Shortcut[] =>
  session.sites.length > 1
    ? session.sites.slice(0, 9).map(({ site }, i) => ({
        key: String(i + 1),
        title: site,
        group: 'Sites',
        run: () => goto(resolve('/s/[site]', { site }))
      }))
    : []

const widening = (): Shortcut[] =>
  document.getElementById('add-filter') && view.period !== 'all'
    ? [
        {
          key: 'Shift Z',
          title: 'Zoom out',
          group: 'Period',
          run: () => view.show(widen(view.range, view.now, view.zone))
        }
      ]
    : []

/** To the pages of a site, where there is one. */
const toSections = (): Shortcut[] => {
  const { site } = page.params
  return site
    ? sectionsOf(site).map((section) => ({
        key: `g ${section.key}`,
        title: section.title,
        group: 'Sections',
        run: () => goto(resolve(pathTo(section, site, page.url.search)))
      }))
    : []
}

/** In front of a period's key as long as something is chosen in the chart. */
const annotating = () => pressing('a', 'Annotate what is chosen in the chart', 'Period', '#annotate')

/** The keys that do something on the page as it is now. */
export const shortcuts = (): Shortcut[] => [
  { key: '?', title: 'These keys', group: 'Anywhere', run: () => (keys.overlay = 'sheet') },
  { key: '/', title: 'Search and jump', group: 'Anywhere', run: () => (keys.overlay = 'palette') },
  ...annotating(),
  ...(document.getElementById('add-filter') ? periods() : []).filter(
    ({ key }) => key !== 'a' || !annotating().length
  ),
  ...pressing('c', 'Another period', 'Period', '[popovertarget="period-menu"]'),
  ...pressing('ArrowLeft', 'Previous period', 'Period', '[aria-label="Previous period"]'),
  ...pressing('ArrowRight', 'Next period', 'Period', '[aria-label="Next period"]'),
  ...pressing('x', 'Comparison', 'Period', '#comparison'),
  ...pressing('z', 'Zoom to what is chosen in the chart', 'Period', '#zoom'),
  ...widening(),
  ...pressing('o', 'Only what is chosen in the chart', 'Period', '#only'),
  ...pressing('f', 'Add a filter', 'Filter', '#add-filter'),
  ...clearing(),
  ...toSections(),
  ...sites()
]
