import { parseArgs } from 'node:util'
import { readSiteName, siteNameRule } from '../../src/lib/schema/site-name.ts'
import type { Login } from './remote.ts'

export interface PushOptions {
  names: string[]
  url: string
  token: string
  site: string | undefined
  service: string | undefined
  isDry: boolean
  isAgain: boolean
  isFollowing: boolean
  /** ACCOUNT@CLUSTER of an OVH web hosting. */
  ovh: string | undefined
  /** For addresses of logs. */
  login: Login | null
  /** Days of an address with a date. */
  from: string | undefined
  to: string | undefined
  parallel: number
}

/** What the options are, for `--help`. */
export const pushHelp: readonly (readonly [string, string])[] = [
  ['--to URL', "the Worker's address; or LOGGIA_URL"],
  ['--token TOKEN', 'an ingest token, lgi_…; or LOGGIA_TOKEN, which other users of this machine cannot see'],
  ['--site NAME', 'the site, if the token is for all sites'],
  ['--service NAME', 'the site of lines that neither name one nor have a host of the list of hosts'],
  ['--dry-run', 'counts formats and refusals, and stores nothing'],
  ['--again', 'sends what was sent before, too; the Worker still knows batches of the last 7 days'],
  ['--follow', 'keeps sending what is appended to plain files, also across rotation, until it is stopped'],
  ['--from DAY', 'first day of an address with {yyyy}, {mm} and {dd}, as 2026-11-21'],
  ['--to-day DAY', 'its last day; without it yesterday'],
  ['--user NAME', 'who signs in to the server that has the logs; the password is in LOGGIA_SOURCE_PASSWORD'],
  ['--ovh ACCOUNT@CLUSTER', 'the logs of an OVH web hosting: a year of them, and those of today'],
  ['--parallel 4', 'files that are read, and batches that are sent, at a time']
]

type Environment = Record<string, string | undefined>

/** Reads the arguments of `loggia push`. Throws with a sentence that says what is missing. */
export function readPush(args: string[], environment: Environment): PushOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      to: { type: 'string' },
      token: { type: 'string' },
      site: { type: 'string' },
      service: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      again: { type: 'boolean', default: false },
      follow: { type: 'boolean', default: false },
      from: { type: 'string' },
      'to-day': { type: 'string' },
      user: { type: 'string' },
      ovh: { type: 'string' },
      parallel: { type: 'string', default: '4' }
    }
  })
  const to = values.to ?? environment.LOGGIA_URL
  const token = values.token ?? environment.LOGGIA_TOKEN
  if (positionals.length === 0 && values.ovh === undefined)
    throw new Error('push needs a log: loggia push access.log')
  if (!to) throw new Error('push needs the address of a Loggia: set LOGGIA_URL, or say --to https://…')
  if (!token)
    throw new Error('push needs an ingest token: set LOGGIA_TOKEN. "loggia token URL SITE" creates one.')
  if (values.follow && values['dry-run']) throw new Error('--follow and --dry-run exclude each other')
  if (values.site !== undefined && values.service !== undefined)
    throw new Error('--site and --service exclude each other: --site puts all lines into one site')
  if (!/^([1-9]|[12]\d|3[0-2])$/.test(values.parallel))
    throw new Error(`--parallel is ${values.parallel}: not a number from 1 to 32`)
  return {
    names: positionals,
    url: readAddress(to),
    token: token.trim(),
    site: readSite('--site', values.site),
    service: readSite('--service', values.service),
    isDry: values['dry-run'],
    isAgain: values.again,
    isFollowing: values.follow,
    ovh: values.ovh,
    login:
      values.user === undefined
        ? null
        : { user: values.user, password: environment.LOGGIA_SOURCE_PASSWORD ?? '' },
    from: values.from,
    to: values['to-day'],
    parallel: Number(values.parallel)
  }
}

/** The name of a site as the Worker spells it. */
function readSite(option: string, text: string | undefined): string | undefined {
  const name = text === undefined ? undefined : readSiteName(text)
  if (name === null) throw new Error(`${option} is ${text}: not the name of a site (${siteNameRule})`)
  return name
}

/** The address without a path: people paste that of the page or of the API, too. */
function readAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    throw new Error(`${text} is not an address: it begins with https://`)
  return url.origin
}
