import { goto } from '$app/navigation'
import { resolve } from '$app/paths'
import { page } from '$app/state'
import { classes } from '#lib/verdict/classes.ts'
import type { Selection } from '#lib/filter/filter.ts'
import { count, text } from '#lib/format/number.ts'
import { fields } from '#lib/filter/fields.ts'
import { labelOf, nameOf } from '#lib/filter/labels.ts'
import { others } from '#lib/panels/others.svelte.ts'
import { valuesSql } from '#lib/panels/questions.ts'
import type { Dimension } from '#lib/filter/dimension.ts'
import { askBeside } from '#lib/state/beside.ts'
import { editor } from '#lib/state/editor.svelte.ts'
import { keys } from '#lib/state/keys.svelte.ts'
import { presets } from '#lib/time/range.ts'
import { session } from '#lib/state/session.svelte.ts'
import { theme, themes } from '#lib/state/theme.svelte.ts'
import { view } from '#lib/state/view.svelte.ts'
import { savedViews } from '#lib/state/views.svelte.ts'
import type { Choice } from './choice.ts'
import { leave } from './leave.ts'
import { pathTo, sectionsOf } from './sections.ts'

/** A place to go or a thing to do, from the palette. */
export interface Jump extends Choice {
  group: string
  run: () => unknown
  /** Only shown when searched for. */
  isRare?: boolean
}

const jumpsOf = (group: string, list: readonly (Omit<Jump, 'group' | 'key'> & { key?: string })[]): Jump[] =>
  list.map((jump) => ({ ...jump, group, key: `${group} ${jump.key ?? jump.text}` }))

const filtered = [
  'path',
  'referrer_domain',
  'country',
  'as_org',
  'browser',
  'os',
  'bot_name',
  'status'
] as const

/** What the page shows most of, as values to filter by. */
export async function valueJumps(selection: Selection): Promise<Jump[]> {
  const sql = valuesSql(filtered)
  const rows = await askBeside<{ field: Dimension; value: string; requests: number }>(selection, sql)
  return rows.map(({ field, value, requests }) => ({
    ...labelOf(field, value),
    key: `${field} ${value}`,
    group: nameOf(field),
    aside: text(count(requests)),
    isRare: true,
    run: () => view.click(field, value, 'only')
  }))
}

const pressing = (selector: string, text: string) => {
  const control = document.querySelector<HTMLButtonElement>(selector)
  return control ? [{ text, run: () => control.click() }] : []
}

const onSite = (): Jump[] => [
  ...jumpsOf(
    'Saved views',
    // eslint-disable-next-line svelte/no-navigation-without-resolve -- the same page under another query
    savedViews.current.map(({ name, query }) => ({ text: name, run: () => goto(query) }))
  ),
  ...jumpsOf(
    'Period',
    presets.map(({ name, title }) => ({ text: title, run: () => view.change({ period: name }) }))
  ),
  ...jumpsOf(
    'Traffic',
    [
      { name: 'all' as const, title: 'All traffic' },
      ...classes.map(({ name, title }) => ({ name, title: `${title} only` }))
    ].map(({ name, title }) => ({ text: title, run: () => view.change({ traffic: name }) }))
  ),
  ...jumpsOf(
    'Filter by',
    [...fields, ...others.fields].map(({ name, title }) => ({
      text: title,
      key: name,
      isRare: true,
      run: () => editor.add(document.getElementById('add-filter'), name)
    }))
  ),
  ...jumpsOf('Actions', [
    ...pressing('#add-filter', 'Add a filter'),
    ...pressing('#save-view', 'Save this view'),
    ...pressing('#share', 'Share'),
    ...(view.clauses.length ? [{ text: 'Clear the filters', run: () => view.change({ clauses: [] }) }] : [])
  ])
]

/** The pages of the site that is looked at. */
const pages = () => {
  const { site } = page.params
  return !site
    ? []
    : sectionsOf(site)
        .map((section) => ({ text: section.title, path: resolve(pathTo(section, site, page.url.search)) }))
        .filter(({ path }) => !path.startsWith(`${page.url.pathname}?`) && path !== page.url.pathname)
        // eslint-disable-next-line svelte/no-navigation-without-resolve -- resolved above
        .map(({ text, path }) => ({ text, run: () => goto(path) }))
}

const themeNames = { system: 'Theme of the system', light: 'Light theme', dark: 'Dark theme' }

/** Everything but the values, as the page is now. */
export const jumps = (): Jump[] => [
  ...jumpsOf(
    'Sites',
    session.sites
      .filter(({ site }) => site !== page.params.site)
      .map(({ site }) => ({ text: site, run: () => goto(resolve('/s/[site]', { site })) }))
  ),
  ...(document.getElementById('add-filter') ? onSite() : []),
  ...jumpsOf('Pages', pages()),
  ...jumpsOf('Loggia', [
    { text: 'All sites', run: () => goto(resolve('/')) },
    { text: 'Keys', run: () => (keys.overlay = 'sheet') },
    ...themes.map((name) => ({ text: themeNames[name], isRare: true, run: () => (theme.current = name) })),
    { text: 'Sign out', isRare: true, run: leave }
  ])
]
