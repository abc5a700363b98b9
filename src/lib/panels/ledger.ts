import type { Clause } from '#lib/data/filter.ts'
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
  /** The column whose including clauses it does not heed, so that what is chosen stays among its siblings. */
  readonly field: ColumnName
  /** What it reads, when that is not the hits. */
  readonly source?: 'visits'
  /** Its value in a row of what it reads, when that is not `field`. */
  readonly value?: string
  /** Something else told of a value, an aggregate. */
  readonly aside?: string
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

/** `Chrome 131` is a browser and its version. */
const versioned = (of: 'browser' | 'os') => (value: string) => {
  const cut = value.lastIndexOf(' ')
  return [is(of, value.slice(0, cut)), is(`${of}_version`, value.slice(cut + 1))]
}

const campaign = (name: 'source' | 'medium' | 'campaign', title: string): Tab => ({
  name: `utm_${name}`,
  title,
  head: `utm_${name}`,
  field: 'query',
  value: `regexp_extract(query, '(?:^|&)utm_${name}=([^&]*)', 1)`,
  condition: `contains(query, 'utm_${name}=')`,
  counted: 'visitors',
  color: people,
  empty: `No address asked for in this period has utm_${name}. Add it to the links you share.`,
  clauses: (value) => [matches('query', `(?:^|&)utm_${name}=${quoted(value)}(?:&|$)`)]
})

const noAgent = 'the log format has no User-Agent field. Add $http_user_agent to it.'
const noAddress = 'the log format has no address. Add $remote_addr to it.'

export const panels: readonly Panel[] = [
  {
    name: 'pages',
    title: 'Pages',
    width: 8,
    tabs: [
      {
        name: 'visited',
        title: 'Visited',
        head: 'Path',
        field: 'path',
        counted: 'page_views',
        color: people,
        empty: 'No paths: the log format has no request line. Add $request to it.'
      },
      {
        name: 'entry',
        title: 'Entry',
        head: 'First page of a visit',
        field: 'path',
        source: 'visits',
        value: 'entry',
        counted: 'visits',
        color: people,
        empty: 'No visit of this period has a page view.'
      },
      {
        name: 'exit',
        title: 'Exit',
        head: 'Last page of a visit',
        field: 'path',
        source: 'visits',
        value: 'exit',
        counted: 'visits',
        color: people,
        empty: 'No visit of this period has a page view.'
      },
      {
        name: 'missing',
        title: 'Not found',
        head: 'Path, and the page that links there',
        field: 'path',
        condition: 'status = 404',
        aside: 'mode(referrer)',
        counted: 'requests',
        color: 'var(--status-4xx)',
        empty: 'Nothing was asked for in vain: no answer 404 in this period.'
      }
    ]
  },
  {
    name: 'sources',
    title: 'Sources',
    width: 6,
    tabs: [
      {
        name: 'referrer',
        title: 'Referrer',
        head: 'Referrer',
        field: 'referrer_domain',
        condition: `referrer_kind IS DISTINCT FROM 'internal'`,
        counted: 'visitors',
        color: people,
        empty: 'Nobody came from outside: every hit was referred by the site itself.'
      },
      {
        name: 'kind',
        title: 'Kind',
        head: 'Kind',
        field: 'referrer_kind',
        condition: `referrer_kind IS DISTINCT FROM 'internal'`,
        counted: 'visitors',
        color: people,
        empty: 'Nobody came from outside: every hit was referred by the site itself.'
      },
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
      {
        name: 'map',
        title: 'Map',
        head: 'Country',
        field: 'country',
        counted: 'visitors',
        color: people,
        empty: `No countries: ${noAddress}`
      },
      {
        name: 'country',
        title: 'Country',
        head: 'Country',
        field: 'country',
        counted: 'visitors',
        color: people,
        empty: `No countries: ${noAddress}`
      },
      {
        name: 'city',
        title: 'City',
        head: 'City',
        field: 'city',
        aside: 'any_value(country)',
        condition: 'city IS NOT NULL',
        counted: 'visitors',
        color: people,
        empty: 'No cities: the server knows countries only. Give it an index of cities by "loggia geoip".'
      },
      {
        name: 'network',
        title: 'Network',
        head: 'Network',
        field: 'as_org',
        counted: 'requests',
        color: 'var(--c-sky)',
        empty: `No networks: ${noAddress}`
      }
    ]
  },
  {
    name: 'status',
    title: 'Status',
    width: 5,
    tabs: [
      {
        name: 'code',
        title: 'Code',
        head: 'Answer',
        field: 'status',
        counted: 'requests',
        color: 'var(--status-2xx)',
        empty: 'No statuses: the log format has no status field. Add $status to it.'
      },
      {
        name: 'method',
        title: 'Method',
        head: 'Method',
        field: 'method',
        value: `coalesce(method, 'None')`,
        counted: 'requests',
        color: 'var(--c-stone)',
        empty: 'No methods: the log format has no request line. Add $request to it.'
      },
      {
        name: 'type',
        title: 'Type',
        head: 'What was asked for',
        field: 'is_asset',
        value: `CASE WHEN is_asset THEN 'Asset' WHEN starts_with(path, '/api/') THEN 'API' ELSE 'Page' END`,
        counted: 'requests',
        color: 'var(--c-plum)',
        empty: 'Nothing was asked for.',
        clauses: (value) => types[value] ?? []
      }
    ]
  },
  {
    name: 'bots',
    title: 'Bots',
    width: 5,
    tabs: [
      {
        name: 'agent',
        title: 'Agent',
        head: 'Agent',
        field: 'bot_name',
        condition: 'is_bot',
        counted: 'requests',
        color: bots,
        empty: 'No bots among these hits.'
      },
      {
        name: 'operator',
        title: 'Operator',
        head: 'Operator',
        field: 'bot_name',
        condition: 'is_bot',
        counted: 'requests',
        color: bots,
        empty: 'No bots among these hits.'
      },
      {
        name: 'purpose',
        title: 'Purpose',
        head: 'Purpose',
        field: 'bot_purpose',
        condition: 'is_bot',
        counted: 'requests',
        color: bots,
        empty: 'No bots among these hits.'
      }
    ]
  },
  {
    name: 'clients',
    title: 'Clients',
    width: 5,
    tabs: [
      {
        name: 'browser',
        title: 'Browser',
        head: 'Browser',
        field: 'browser',
        counted: 'visitors',
        color: people,
        empty: `No browsers: ${noAgent}`
      },
      {
        name: 'browser_version',
        title: 'Version',
        head: 'Browser and version',
        field: 'browser_version',
        value: `browser || ' ' || browser_version`,
        condition: 'browser_version IS NOT NULL AND browser IS NOT NULL',
        counted: 'visitors',
        color: people,
        empty: `No versions of browsers: ${noAgent}`,
        clauses: versioned('browser')
      },
      {
        name: 'system',
        title: 'System',
        head: 'System',
        field: 'os',
        counted: 'visitors',
        color: people,
        empty: `No systems: ${noAgent}`
      },
      {
        name: 'os_version',
        title: 'Version',
        head: 'System and version',
        field: 'os_version',
        value: `os || ' ' || os_version`,
        condition: 'os_version IS NOT NULL AND os IS NOT NULL',
        counted: 'visitors',
        color: people,
        empty: `No versions of systems: ${noAgent}`,
        clauses: versioned('os')
      },
      {
        name: 'device',
        title: 'Device',
        head: 'Device',
        field: 'device',
        counted: 'visitors',
        color: people,
        empty: `No devices: ${noAgent}`
      }
    ]
  }
]

export const usersPanel: Panel = {
  name: 'users',
  title: 'Top users',
  width: 5,
  tabs: [
    {
      name: 'user',
      title: 'User',
      head: 'User',
      field: 'remote_user',
      condition: 'remote_user IS NOT NULL',
      counted: 'requests',
      color: people,
      empty:
        'Nobody signed in to the server itself: $remote_user is empty in every line, or not in the log format.'
    }
  ]
}
