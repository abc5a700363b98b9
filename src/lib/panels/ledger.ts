import type { Clause } from '#lib/filter/filter.ts'
import { codeOf } from '#lib/ask/lookups.ts'
import { looked, visitFields, type VisitPage } from '#lib/ask/visit-fields.ts'
import { isOfVisit, type Dimension, type VisitField } from '#lib/filter/dimension.ts'
import { namesOf, type Code } from '#lib/star/star.ts'
import type { ColumnName } from '#lib/schema/hit.ts'

export type Counted = 'visitors' | 'visits' | 'page_views' | 'requests'

export const countedNames: Record<Counted, string> = {
  visitors: 'Visitors',
  visits: 'Visits',
  page_views: 'Page views',
  requests: 'Requests'
}

/** A question of the form "what values has this, and how much of each?" */
export interface Tab {
  readonly name: string
  readonly title: string
  /** What its rows say: the head of the first column. */
  readonly head: string
  /** The column of which it does not heed what is chosen, so that this stays among its siblings. */
  readonly field: Dimension
  /** It reads not hits, but visits, each with this column of its first or last page. */
  readonly page?: VisitPage
  /** How to group its rows, when not by `field`. */
  readonly by?: Code
  /** Another column to show beside the value, and which of its values. */
  readonly aside?: { readonly column: ColumnName; readonly which: 'mode' | 'any_value' }
  readonly counted: Counted
  readonly color: string
  /** Which rows it is about, when not all. */
  readonly condition?: string
  /** Why there may be nothing to list although there are hits, and what to do. */
  readonly empty: string
  /** What a click on a value filters by, when that is not `field is value`. */
  readonly clauses?: (value: string) => Clause[]
}

export interface Panel {
  readonly name: string
  readonly title: string
  /** Of twenty columns. */
  readonly width: 5 | 6 | 7 | 8
  readonly tabs: readonly [Tab, ...Tab[]]
}

const people = 'var(--t-human)'
const bots = 'var(--t-bot)'

const is = (field: ColumnName, value: string): Clause => ({ field, operator: 'is', values: [value] })
const matches = (field: ColumnName, pattern: string): Clause => ({ field, operator: 're', values: [pattern] })

const isApi = matches('path', '^/api/')
const types: Record<string, Clause[]> = {
  Asset: [is('is_asset', 'true')],
  API: [isApi],
  Page: [is('is_asset', 'false'), { ...isApi, operator: 'nre' }]
}

const noAgent = 'the log format has no User-Agent field. Add $http_user_agent to it.'
const noAddress = 'the log format has no address. Add $remote_addr to it.'
const noRequest = 'the log format has no request line. Add $request to it.'
const noVisit = 'No visit of this period has a page view.'

/** Most tabs count visitors, under a head that is their title. */
const tab = (
  name: string,
  title: string,
  field: Dimension,
  empty: string,
  other: Partial<Tab> = {}
): Tab => ({ name, title, head: title, field, counted: 'visitors', color: people, empty, ...other })

const requests = (color: string): Partial<Tab> => ({ counted: 'requests', color })

/** What visits have. */
const ofVisit = (
  name: string,
  title: string,
  field: VisitField,
  empty: string,
  other: Partial<Tab> = {}
): Tab => tab(name, title, field, empty, { page: visitFields[field].page, ...other })

const campaign = (name: 'source' | 'medium' | 'campaign', title: string): Tab =>
  ofVisit(
    `utm_${name}`,
    title,
    `utm_${name}`,
    `No address asked for in this period has utm_${name}. Add it to the links you share.`,
    { head: `UTM ${name}` }
  )

const ofBots = (name: string, title: string, field: ColumnName): Tab =>
  tab(name, title, field, 'No bots among these hits.', { ...requests(bots), condition: 'is_bot' })

/** `Chrome 131` is a browser and its version. */
const version = (of: 'browser' | 'os', title: string): Tab =>
  tab(
    `${of}_version`,
    `${title} version`,
    `${of}_version`,
    `No versions of ${title.toLowerCase()}s: ${noAgent}`,
    {
      head: `${title} and version`,
      by: looked(
        'client',
        `(
    SELECT client AS key, name.value || ' ' || version.value AS value
    FROM clients
    JOIN ${namesOf(of)} AS name ON name.key = ${of}
    JOIN ${namesOf(`${of}_version`)} AS version ON version.key = ${of}_version
    WHERE ${of} > 0 AND ${of}_version > 0
  )`
      ),
      clauses: (value) => {
        const cut = value.lastIndexOf(' ')
        return [is(of, value.slice(0, cut)), is(`${of}_version`, value.slice(cut + 1))]
      }
    }
  )

export const panels: readonly Panel[] = [
  {
    name: 'pages',
    title: 'Pages',
    width: 8,
    tabs: [
      tab('visited', 'Visited', 'path', `No paths: ${noRequest}`, { head: 'Path', counted: 'page_views' }),
      ofVisit('entry', 'Entry', 'entry_page', noVisit, { head: 'First page of a visit', counted: 'visits' }),
      ofVisit('exit', 'Exit', 'exit_page', noVisit, { head: 'Last page of a visit', counted: 'visits' }),
      tab('missing', 'Not found', 'path', 'Nothing was asked for in vain: no answer 404 in this period.', {
        ...requests('var(--status-4xx)'),
        head: 'Path, and the page that links there',
        condition: 'status = 404',
        aside: { column: 'referrer', which: 'mode' }
      })
    ]
  },
  {
    name: 'sources',
    title: 'Sources',
    width: 6,
    tabs: [
      ofVisit('referrer', 'Referrer', 'visit_source', noVisit),
      ofVisit('kind', 'Kind', 'visit_source_kind', noVisit),
      campaign('source', 'UTM source'),
      campaign('medium', 'Medium'),
      campaign('campaign', 'Campaign')
    ]
  },
  {
    name: 'places',
    title: 'Places',
    width: 6,
    tabs: [
      tab('map', 'Map', 'country', `No countries: ${noAddress}`, { head: 'Country' }),
      tab('country', 'Country', 'country', `No countries: ${noAddress}`),
      tab(
        'city',
        'City',
        'city',
        'No cities: the server knows countries only. Give it an index of cities by "loggia geoip".',
        { aside: { column: 'country', which: 'any_value' }, condition: 'city > 0' }
      ),
      tab('network', 'Network', 'as_org', `No networks: ${noAddress}`, requests('var(--c-sky)'))
    ]
  },
  {
    name: 'status',
    title: 'Status',
    width: 5,
    tabs: [
      tab('code', 'Code', 'status', 'No statuses: the log format has no status field. Add $status to it.', {
        ...requests('var(--status-2xx)'),
        head: 'Answer'
      }),
      tab('method', 'Method', 'method', `No methods: ${noRequest}`, requests('var(--c-stone)')),
      tab('type', 'Type', 'is_asset', 'Nothing was asked for.', {
        ...requests('var(--c-plum)'),
        head: 'What was asked for',
        by: {
          ...looked('path', `(SELECT key, starts_with(value, '/api/') AS is_api FROM ${namesOf('path')})`),
          code: `CASE WHEN is_asset THEN 'Asset' WHEN is_api THEN 'API' ELSE 'Page' END`
        },
        clauses: (value) => types[value] ?? []
      })
    ]
  },
  {
    name: 'bots',
    title: 'Bots',
    width: 5,
    tabs: [
      tab('verdict', 'Verdict', 'verdict', 'Nothing was asked for.', {
        ...requests(bots),
        by: { ...codeOf('verdict'), isText: true }
      }),
      ofBots('agent', 'Agent', 'bot_name'),
      ofBots('operator', 'Operator', 'bot_name'),
      ofBots('purpose', 'Purpose', 'bot_purpose'),
      ofBots('identity', 'Identity', 'bot_proof')
    ]
  },
  {
    name: 'clients',
    title: 'Clients',
    width: 5,
    tabs: [
      tab('browser', 'Browser', 'browser', `No browsers: ${noAgent}`),
      version('browser', 'Browser'),
      tab('system', 'System', 'os', `No systems: ${noAgent}`),
      version('os', 'System'),
      tab('device', 'Device', 'device', `No devices: ${noAgent}`)
    ]
  }
]

export const usersPanel: Panel = {
  name: 'users',
  title: 'Top users',
  width: 5,
  tabs: [
    tab('user', 'User', 'remote_user', 'No signed-in users ($remote_user is empty or not logged).', {
      ...requests(people),
      condition: 'remote_user > 0'
    })
  ]
}

/** How to group the rows of a tab. */
export const byOf = ({ field, by }: Tab): Code =>
  by ?? (isOfVisit(field) ? visitFields[field].by : codeOf(field))
