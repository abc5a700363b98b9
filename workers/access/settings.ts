import type { Context } from '#lib/accept/accept.ts'
import type { OwnFormat } from '#lib/accept/formats/format.ts'
import { FormatError, ownFormat } from '#lib/accept/own/own.ts'
import { readDrops } from '#lib/accept/drop.ts'
import { readAlertRules, type AlertRule } from '#lib/schema/alerts.ts'
import { usualSwitches, whyNoSwitches, type FieldSwitches } from '#lib/schema/field-switches.ts'
import { isPathList, isRulings, longestRobots, noRulings, type Rulings } from '#lib/schema/rulings.ts'
import { isPinList, type Pin } from '#lib/schema/pins.ts'
import { isQueryList, type SavedQuery } from '#lib/schema/queries.ts'
import { isViewList, type SavedView } from '#lib/schema/views.ts'
import { ipModes, type IpMode, type PrivacySettings } from '#lib/accept/privacy.ts'
import { defaultProxies, readProxies } from '#lib/accept/proxies.ts'
import { offsetOf, readZone, type ZoneSettings } from '#lib/accept/zone.ts'
import { Failure, retryAfter } from '../failure.ts'
import type { Storage } from '../store/storage.ts'
import { directoryOf } from './reach.ts'

const states = ['active', 'paused', 'deleted'] as const

/** What a site may decide for itself. */
export interface SiteSettings extends PrivacySettings, ZoneSettings {
  ip_mode: IpMode
  state: (typeof states)[number]
  /** When the state began, ms since 1970, UTC. */
  since: number
  /** Days that hits are kept; null for ever. */
  retention_days: number | null
  /** Proxies whose headers name the client: presets, networks and addresses. */
  trusted_proxies: readonly string[]
  /** Columns and keys whose values are never stored. */
  dropped_fields: readonly string[]
  /** How its fields are shown. */
  field_switches: FieldSwitches
  /** Descriptions of line formats, in the order they are tried. */
  line_formats: readonly string[]
  /** How its visitors are judged, on the devices of who looks at them. */
  verdicts: Rulings
  /** Its alert rules; null while it has the rules that every site begins with. */
  alerts: readonly AlertRule[] | null
  /** The text of its robots.txt, which the page holds against what crawlers did. */
  robots_txt: string
  /** Paths whose answers to attacks its owner found harmless. */
  harmless_paths: readonly string[]
  /** Views of the site under names, for everybody who reads it. */
  saved_views: readonly SavedView[]
  /** Queries of its SQL page, likewise. */
  saved_queries: readonly SavedQuery[]
  /** Queries whose results its overview shows. */
  pins: readonly Pin[]
}

/** What only pages read. It may be long, and batches are accepted without it. */
const ofPages = [
  'field_switches',
  'verdicts',
  'alerts',
  'robots_txt',
  'harmless_paths',
  'saved_views',
  'saved_queries',
  'pins'
] as const satisfies (keyof SiteSettings)[]

/** What a batch is accepted by. */
export type BatchSettings = Omit<SiteSettings, (typeof ofPages)[number]>

export function forBatches(settings: SiteSettings): BatchSettings {
  const own: Partial<SiteSettings> = { ...settings }
  for (const name of ofPages) delete own[name]
  return own as BatchSettings
}

const defaults: SiteSettings = {
  state: 'active',
  since: 0,
  ip_mode: 'full',
  keeps_remote_user: false,
  retention_days: null,
  utc_offset: null,
  trusted_proxies: defaultProxies,
  time_zone: null,
  dropped_fields: [],
  field_switches: usualSwitches,
  line_formats: [],
  verdicts: noRulings,
  alerts: null,
  robots_txt: '',
  harmless_paths: [],
  saved_views: [],
  saved_queries: [],
  pins: []
}

const rules: { [N in Exclude<keyof SiteSettings, 'since'>]: (value: unknown) => boolean } = {
  state: (value) => states.includes(value as (typeof states)[number]),
  ip_mode: (value) => ipModes.includes(value as IpMode),
  keeps_remote_user: (value) => typeof value === 'boolean',
  retention_days: (value) => value === null || isWhole(value, 1, 36_500),
  utc_offset: (value) => value === null || isWhole(value, -1080, 1080),
  trusted_proxies: isTexts,
  dropped_fields: isTexts,
  field_switches: () => true,
  time_zone: (value) => value === null || (typeof value === 'string' && readZone(value) !== null),
  line_formats: isFormatList,
  verdicts: isRulings,
  alerts: (value) => value === null || Array.isArray(value),
  robots_txt: (value) => typeof value === 'string' && value.length <= longestRobots,
  harmless_paths: isPathList,
  saved_views: isViewList,
  saved_queries: isQueryList,
  pins: isPinList
}

const mostFormats = 10

function isFormatList(value: unknown): value is string[] {
  return isTexts(value) && value.length <= mostFormats
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string')
}

function isWhole(value: unknown, low: number, high: number): boolean {
  return Number.isInteger(value) && (value as number) >= low && (value as number) <= high
}

/** The settings that a body changes. Throws at a name or value that is none. */
export function readChanges(body: Record<string, unknown>): Partial<SiteSettings> {
  for (const [name, value] of Object.entries(body)) {
    if (!Object.hasOwn(rules, name))
      throw new Failure(400, 'settings', `there is no setting ${name.slice(0, 64)}`)
    if (!rules[name as keyof typeof rules](value))
      throw new Failure(400, 'settings', `${name} cannot be ${(JSON.stringify(value) ?? '').slice(0, 64)}`)
  }
  const changes = body as Partial<SiteSettings>
  for (const text of changes.line_formats ?? []) readFormat(text)
  const alerts = readAlertRules(changes.alerts ?? [])
  if (typeof alerts === 'string') throw new Failure(400, 'settings', `alerts: ${alerts}`)
  const noSwitches = 'field_switches' in changes ? whyNoSwitches(changes.field_switches) : null
  if (noSwitches !== null) throw new Failure(400, 'settings', `field_switches: ${noSwitches}`)
  const { trusted_proxies: proxies, dropped_fields: fields } = changes
  return {
    ...changes,
    ...zoneOf(changes),
    ...(proxies && { trusted_proxies: listOf('trusted_proxies', readProxies(proxies)) }),
    ...(fields && { dropped_fields: listOf('dropped_fields', readDrops(fields)) })
  }
}

/** A zone and an offset take the place of each other. */
function zoneOf({ time_zone: zone, utc_offset: offset }: Partial<SiteSettings>): Partial<SiteSettings> {
  if (zone) return { time_zone: readZone(zone)!.name, utc_offset: null }
  return offset !== undefined && zone === undefined ? { time_zone: null } : {}
}

function listOf(name: string, list: readonly string[] | string): readonly string[] {
  if (typeof list === 'string') throw new Failure(400, 'settings', `${name}: ${list}`)
  return list
}

/** The line formats of a token. Throws a `Failure` with what is wrong with one. */
export function readFormats(value: unknown): string[] {
  if (!isFormatList(value))
    throw new Failure(400, 'line_format', `line_formats wants a list of at most ${mostFormats} texts`)
  for (const text of value) readFormat(text)
  return value
}

/** The format that a text describes. Throws a `Failure` with what is wrong with it. */
export function readFormat(text: string) {
  try {
    return ownFormat(text)
  } catch (error) {
    if (error instanceof FormatError) throw new Failure(400, 'line_format', error.message)
    throw error
  }
}

/** How the lines of a site are read; the formats of the token that brings them go first. */
export function readingBy(
  settings: BatchSettings | null,
  own: readonly string[] = []
): Pick<Context, 'utc_offset' | 'formats'> {
  // A Directory of the version before names fewer settings.
  const { line_formats, ...all } = { ...defaults, ...settings }
  const offset = offsetOf(all)
  const formats = [...own, ...line_formats].map(stored).filter((format) => 'dialect' in format)
  return { ...(offset !== null && { utc_offset: offset }), formats }
}

/** A stored format. A newer version may have stored one that this version cannot read, after a rollback. */
function stored(text: string): OwnFormat | FormatError {
  try {
    return ownFormat(text)
  } catch (error) {
    if (error instanceof FormatError) return error
    throw error
  }
}

/** A sentence for each line format that `readingBy` skips. */
export function skippedFormats(settings: BatchSettings | null, own: readonly string[] = []): string[] {
  return [...own, ...(settings?.line_formats ?? [])].flatMap((text) => {
    const format = stored(text)
    if (!(format instanceof FormatError)) return []
    return `The line format "${text.slice(0, 64)}" is skipped, this version of Loggia can't read it: ${format.message}`
  })
}

/** The settings of a site: the defaults, and what was changed of them. */
export function readSettings(storage: Storage, site: string): SiteSettings {
  const [row] = storage.sql<{ value: string }>('select value from setting where site = ?', site)
  return { ...defaults, ...(row && (JSON.parse(row.value) as Partial<SiteSettings>)) }
}

export function writeSettings(
  storage: Storage,
  site: string,
  changes: Partial<SiteSettings>,
  now: number
): SiteSettings {
  const before = readSettings(storage, site)
  const isSame = changes.state === undefined || changes.state === before.state
  const after = { ...before, ...changes, since: isSame ? before.since : now }
  storage.sql('insert or replace into setting (site, value) values (?, ?)', site, JSON.stringify(after))
  return after
}

/** How long an isolate goes by the settings it knows. */
const trust = 60_000
const known = new Map<string, { settings: BatchSettings; until: number; isRegistered: boolean }>()

/** The settings of sites, and why some of them, by name, may not be made. */
export interface Known {
  settings: Map<string, BatchSettings>
  refused: Map<string, string>
}

/**
 * The settings of sites; `registers` those that were not heard of before, as far as limits let records make sites, and
 * only if `mayMake` allows it.
 */
export async function settingsOf(
  env: Env,
  sites: readonly string[],
  registers: boolean,
  byRecord: readonly string[] = [],
  mayMake: () => Promise<boolean> = async () => true
): Promise<Known> {
  const now = Date.now()
  const isKnown = (site: string) => {
    const found = known.get(site)
    return found !== undefined && found.until > now && (found.isRegistered || !registers)
  }
  const fresh = sites.filter((site) => !isKnown(site))
  const refused = new Map<string, string>()
  if (fresh.length) {
    if (known.size > 10_000) known.clear()
    const unproven = byRecord.filter((site) => !isKnown(site))
    const makesNone = registers && unproven.length > 0 && !(await mayMake())
    for (const { site, settings, refusal } of await ask(env, fresh, registers, unproven, makesNone))
      if (refusal !== undefined) refused.set(site, refusal)
      else {
        // A Directory of the version before names fewer settings.
        const own = { ...forBatches(defaults), ...settings }
        known.set(site, { settings: own, until: now + trust, isRegistered: registers })
      }
  }
  return {
    settings: new Map(sites.map((site) => [site, known.get(site)?.settings ?? forBatches(defaults)])),
    refused
  }
}

/** Lets this isolate ask again at once. */
export function forgetSettings(site: string): void {
  known.delete(site)
}

async function ask(env: Env, sites: string[], registers: boolean, byRecord: string[], makesNone: boolean) {
  try {
    return await directoryOf(env).settingsOf(sites, registers, byRecord, makesNone)
  } catch (error) {
    console.error(JSON.stringify({ step: 'settings', error: String(error) }))
    throw new Failure(503, 'unavailable', 'settings of the site cannot be read now', retryAfter(5))
  }
}
