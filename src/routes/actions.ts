import { goto } from '$app/navigation'
import { resolve } from '$app/paths'
import { page } from '$app/state'
import { fields } from '#lib/filter/fields.ts'
import { others } from '#lib/panels/others.svelte.ts'
import { editor } from '#lib/state/editor.svelte.ts'
import { keys } from '#lib/state/keys.svelte.ts'
import { session } from '#lib/state/session.svelte.ts'
import { theme, themes } from '#lib/state/theme.svelte.ts'
import { view } from '#lib/state/view.svelte.ts'
import { savedViews } from '#lib/state/views.svelte.ts'
import { presets, widen } from '#lib/time/range.ts'
import { classes } from '#lib/verdict/classes.ts'
import type { Choice } from './choice.ts'
import { leave } from './leave.ts'
import { pathTo, sectionsOf } from './sections.ts'

/** A thing to do or a place to go: the keys, the dialog that lists them and the palette read the same list. */
export interface Action extends Choice {
  group: string
  /** The key that does it, or two keys to press one after the other. */
  shortcut?: string
  /** The palette shows it only when searched for. */
  isRare?: boolean
  /** Leads to where the page is already: the palette leaves it out. */
  isHere?: boolean
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

const names: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', Escape: 'Esc' }

/** The names of the keys to press. */
export const spell = (shortcut: string): string[] =>
  shortcut.split(' ').map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part))

type Listed = Omit<Action, 'group' | 'key'> & { key?: string }

const inGroup = (group: string, list: readonly Listed[]): Action[] =>
  list.map((action) => ({ ...action, group, key: `${group} ${action.key ?? action.text}` }))

/** Presses a control: the action is there when the control is, and does what the control does. */
function pressing(text: string, selector: string, more: Partial<Listed> = {}): Listed[] {
  const control = document.querySelector<HTMLButtonElement>(selector)
  if (!control || control.disabled) return []
  const run = () => {
    // Where the focus comes back to from what it opens.
    if (control.ariaHasPopup) control.focus()
    control.click()
  }
  return [{ text, run, ...more }]
}

const toSites = (): Listed[] =>
  session.sites.map(({ site }, i) => ({
    text: site,
    isHere: site === page.params.site,
    ...(session.sites.length > 1 && i < 9 && { shortcut: String(i + 1) }),
    run: () => goto(resolve('/s/[site]', { site }))
  }))

/** To the pages of the site that is looked at. */
const toSections = (): Listed[] => {
  const { site } = page.params
  return (site ? sectionsOf(site) : []).map((section) => {
    const path = resolve(pathTo(section, site!, page.url.search))
    return {
      text: section.title,
      shortcut: `g ${section.key}`,
      isHere: path.startsWith(`${page.url.pathname}?`) || path === page.url.pathname,
      run: () => goto(path)
    }
  })
}

/** The steps from one period to another. */
const steps = (): Listed[] =>
  [
    pressing('Annotate what is chosen in the chart', '#annotate', { shortcut: 'a' }),
    pressing('Another period', '[popovertarget="period-menu"]', { shortcut: 'c' }),
    pressing('Previous period', '[aria-label="Previous period"]', { shortcut: 'ArrowLeft' }),
    pressing('Next period', '[aria-label="Next period"]', { shortcut: 'ArrowRight' }),
    pressing('Comparison', '#comparison', { shortcut: 'x' }),
    pressing('Zoom to what is chosen in the chart', '#zoom', { shortcut: 'z' }),
    isFiltered() && view.period !== 'all'
      ? [
          {
            text: 'Zoom out',
            shortcut: 'Shift Z',
            run: () => view.show(widen(view.range, view.now, view.zone))
          }
        ]
      : [],
    pressing('Only what is chosen in the chart', '#only', { shortcut: 'o' })
  ]
    .flat()
    .map((step) => ({ ...step, isRare: true }))

const isFiltered = () => document.getElementById('add-filter') !== null

/** What the bar of filters changes, where there is one. */
const onFiltered = (): Action[] => [
  ...inGroup(
    'Saved views',
    // eslint-disable-next-line svelte/no-navigation-without-resolve -- the same page under another query
    savedViews.current.map(({ name, query }) => ({ text: name, run: () => goto(query) }))
  ),
  ...inGroup(
    'Period',
    presets.map(({ name, title }) => ({
      text: title,
      ...(presetKeys[name] && { shortcut: presetKeys[name] }),
      run: () => view.change({ period: name })
    }))
  ),
  ...inGroup(
    'Traffic',
    [
      { name: 'all' as const, title: 'All traffic' },
      ...classes.map(({ name, title }) => ({ name, title: `${title} only` }))
    ].map(({ name, title }) => ({ text: title, run: () => view.change({ traffic: name }) }))
  ),
  ...inGroup(
    'Filter by',
    [...fields, ...others.fields].map(({ name, title }) => ({
      text: title,
      key: name,
      isRare: true,
      run: () => editor.add(document.getElementById('add-filter'), name)
    }))
  )
]

const themeNames = { system: 'System theme', light: 'Light theme', dark: 'Dark theme' }

const all = (): Action[] => [
  ...inGroup('Sites', toSites()),
  ...inGroup('Time', steps()),
  ...(isFiltered() ? onFiltered() : []),
  ...inGroup('Filter', [
    ...pressing('Add a filter', '#add-filter', { shortcut: 'f' }),
    ...pressing('Save this view', '#save-view'),
    ...pressing('Share', '#share'),
    ...(view.clauses.length
      ? [{ text: 'Clear filters', shortcut: 'Escape', run: () => view.change({ clauses: [] }) }]
      : [])
  ]),
  ...inGroup('Pages', toSections()),
  ...inGroup('Loggia', [
    { text: 'All sites', run: () => goto(resolve('/')) },
    { text: 'Keys', shortcut: '?', run: () => (keys.overlay = 'sheet') },
    { text: 'Search and jump', shortcut: '/', isHere: true, run: () => (keys.overlay = 'palette') },
    ...themes.map((name) => ({ text: themeNames[name], isRare: true, run: () => (theme.current = name) })),
    { text: 'Sign out', isRare: true, run: leave }
  ])
]

/** What can be done on the page as it is now. A key belongs to the first action that wants it. */
export function actions(): Action[] {
  const taken = new Set<string>()
  return all().map(({ shortcut, ...action }) => {
    if (shortcut === undefined || taken.has(shortcut)) return action
    taken.add(shortcut)
    return { ...action, shortcut }
  })
}
