import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readZone, type Zone } from '../../src/lib/accept/zone.ts'
import { readAlert, readConfig, type MonitorConfig } from '../../src/lib/alert/config-file.ts'
import type { Wall } from '../../src/lib/alert/mute.ts'
import { presets } from '../../src/lib/alert/presets.ts'
import { isMeantAsJson, readRulesFile, textOfRules } from '../../src/lib/alert/rules-file.ts'
import { readAlertRules, type AlertRule } from '../../src/lib/schema/alerts.ts'
import { wallOf } from '../../src/lib/time/clock.ts'

export interface MonitorOptions extends MonitorConfig {
  /** The log; `-` is standard input. */
  log: string
  /** The site, if its address is followed instead of a log. */
  site: { url: string; name: string } | null
  /** Reads the log to its end, and ends. */
  isOnce: boolean
  /** Reads what the log holds, and follows it then. */
  isFromStart: boolean
  delay: number
  /** Of times that name no zone. */
  zone: Zone
  wall: Wall
}

/** What the options are, for `--help`. */
export const monitorHelp: readonly (readonly [string, string])[] = [
  ['-f FILE', 'the log to follow, across rotation; - is standard input, up to its end'],
  ['-f https://…/s/SITE', 'follows a site of a Loggia; asks for the password'],
  ['-c FILE', 'rules: a JSON list of them, or a config.cfg of HttpLogMonitor'],
  ['--alert NAME=10,120', 'fires at 10 requests a second over 120 seconds; may be repeated'],
  ['--interval 10', 'seconds between statistics, 0 for none'],
  ['--output stdout', 'where statistics and alerts go: stdout, log (standard error) or file'],
  ['--out FILE', 'appends statistics and alerts to this file'],
  ['--from-start', 'evaluates what the file holds by the times of its lines, then follows it'],
  ['--once', 'reads the file to its end, plain or compressed, evaluates all of it, and ends'],
  [
    '--zone ZONE',
    "the zone of times that are printed or name none, as Europe/Amsterdam; without it this machine's"
  ],
  ['--delay 2', 'seconds that the evaluation stays behind the clock; 5 for a site']
]

/** Reads the arguments of `loggia monitor`. Throws with a sentence that says what is wrong. */
export function readMonitor(args: string[]): MonitorOptions {
  const { values } = parseArgs({
    args,
    options: {
      file: { type: 'string', short: 'f' },
      config: { type: 'string', short: 'c' },
      alert: { type: 'string', multiple: true, default: [] },
      interval: { type: 'string' },
      output: { type: 'string' },
      out: { type: 'string' },
      'from-start': { type: 'boolean', default: false },
      once: { type: 'boolean', default: false },
      zone: { type: 'string', default: Intl.DateTimeFormat().resolvedOptions().timeZone },
      delay: { type: 'string' }
    }
  })
  if (values.file === undefined) throw new Error('monitor needs a log: loggia monitor -f access.log')
  const config = values.config === undefined ? defaults() : readRules(values.config)
  const own = values.alert.reduce<readonly AlertRule[]>(
    withAlert,
    values.config === undefined ? [] : config.rules
  )
  const rules = readAlertRules(own.length > 0 || values.config !== undefined ? own : presets)
  if (typeof rules === 'string') throw new Error(rules)
  const zone = readZone(values.zone)
  if (zone === null)
    throw new Error(`--zone ${values.zone} is not a zone: say UTC, Europe/Amsterdam or +02:00`)
  const site = siteOf(values.file)
  if (site && (values.once || values['from-start']))
    throw new Error('a site is followed from now on: --once and --from-start are for files')
  return {
    ...config,
    ...displayed(config, values.output, values.out),
    rules: [...rules],
    interval: values.interval === undefined ? config.interval : seconds('interval', values.interval),
    log: values.file,
    isOnce: values.once,
    isFromStart: values['from-start'],
    site,
    delay: seconds('delay', values.delay ?? (site ? '5' : '2')),
    zone: zone.zone,
    wall: /^[+-]/.test(zone.name)
      ? (instant) => instant + zone.zone(instant) * 60_000
      : (instant) => wallOf(instant, zone.name)
  }
}

/** The site of an address such as `https://loggia.example/s/shop`, or of a page of it. */
function siteOf(text: string): MonitorOptions['site'] {
  if (!/^https?:\/\//.test(text)) return null
  const [, path, name] = (URL.canParse(text) && /^(.*?)\/s\/([^/]+)/.exec(new URL(text).pathname)) || []
  if (name === undefined) throw new Error(`${text} is not the address of a site, as https://…/s/SITE`)
  return { url: new URL(text).origin + path, name: decodeURIComponent(name) }
}

const defaults = () => readConfig('')

/** A file of rules as JSON, or a `config.cfg`. */
function readRules(name: string): MonitorConfig {
  try {
    const text = textOfRules(readFileSync(name))
    return isMeantAsJson(text) ? { ...defaults(), rules: [...readRulesFile(text)] } : readConfig(text)
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error })
  }
}

function withAlert(rules: readonly AlertRule[], text: string): readonly AlertRule[] {
  const at = text.indexOf('=')
  try {
    if (at < 1) throw new Error('an alert is name = threshold, seconds')
    return [...rules, readAlert(text.slice(0, at).trim(), text.slice(at + 1), rules)]
  } catch (error) {
    throw new Error(`--alert ${text}: ${(error as Error).message}`, { cause: error })
  }
}

/** Where statistics and alerts go. `--out` alone says that they go to a file. */
function displayed(
  config: MonitorConfig,
  output: string | undefined,
  out: string | undefined
): Pick<MonitorConfig, 'displayer' | 'file'> {
  const displayer = output ?? (out === undefined ? config.displayer : 'file')
  const file = out ?? config.file
  if (displayer !== 'stdout' && displayer !== 'log' && displayer !== 'file')
    throw new Error(`--output ${displayer} is not one of stdout, log, file`)
  if (displayer === 'file' && file === null) throw new Error('--output file wants --out FILE')
  return { displayer, file }
}

function seconds(name: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new Error(`--${name} ${text} is not a whole number of seconds`)
}
