import type { Clause } from '#lib/filter/filter.ts'
import { codeOf } from '#lib/ask/lookups.ts'
import type { Dimension } from '#lib/filter/dimension.ts'
import { namesOf, type Code as By } from '#lib/star/star.ts'
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
  readonly page?: { readonly column: 'path' | 'source' | 'query'; readonly end: 'first' | 'last' }
  /** How to group its rows, when not by `field`. */
  readonly by?: By
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
const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

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

/** Where visits begin or end. */
const end = (value: 'entry' | 'exit', title: string, head: string): Tab =>
  tab(value, title, 'path', noVisit, {
    head,
    page: { column: 'path', end: value === 'entry' ? 'first' : 'last' },
    counted: 'visits'
  })

/** Values that are made of texts: `from` gives the text of each `key`. */
const looked = (key: string, from: string): By => ({
  join: `JOIN ${from} AS looked ON looked.key = hit.${key}`,
  code: 'looked.value',
  names: null,
  isText: true
})

/** Where visits came from. A visit that begins on the site itself went on after a pause: it came directly. */
const origin = (name: string, title: string, field: ColumnName, direct: string): Tab =>
  tab(name, title, field, noVisit, {
    page: { column: 'source', end: 'first' },
    by: {
      join: `JOIN (
    SELECT source, CASE WHEN kind.value = 'internal' THEN ${direct} ELSE ${field} END AS ${field}
    FROM sources JOIN ${namesOf('referrer_kind')} AS kind ON kind.key = referrer_kind
  ) AS origin USING (source)`,
      code: field,
      names: namesOf(field)
    }
  })

const campaign = (name: 'source' | 'medium' | 'campaign', title: string): Tab =>
  tab(
    `utm_${name}`,
    title,
    'query',
    `No address asked for in this period has utm_${name}. Add it to the links you share.`,
    {
      head: `UTM ${name}`,
      page: { column: 'query', end: 'first' },
      by: looked(
        'query',
        `(
    SELECT key, regexp_extract(value, '(?:^|&)utm_${name}=([^&]*)', 1) AS value
    FROM ${namesOf('query')}
    WHERE contains(value, 'utm_${name}=')
  )`
      ),
      clauses: (value) => [matches('query', `(?:^|&)utm_${name}=${quoted(value)}(?:&|$)`)]
    }
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
      end('entry', 'Entry', 'First page of a visit'),
      end('exit', 'Exit', 'Last page of a visit'),
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
      origin('referrer', 'Referrer', 'referrer_domain', '0'),
      origin(
        'kind',
        'Kind',
        'referrer_kind',
        `coalesce((SELECT key FROM ${namesOf('referrer_kind')} WHERE value = 'direct'), 0)`
      ),
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
export const byOf = ({ field, by }: Tab): By => by ?? codeOf(field)
