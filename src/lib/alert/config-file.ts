import type { AlertRule } from '#lib/schema/alerts.ts'
import { traffic } from './presets.ts'

/** What a `config.cfg` of HttpLogMonitor says. */
export interface MonitorConfig {
  /** Seconds between statistics; 0 is none. */
  interval: number
  rules: AlertRule[]
  displayer: 'stdout' | 'log' | 'file'
  /** Where `file` writes; null is nowhere. */
  file: string | null
  logging: { debug: boolean; toStdout: boolean; toFile: string | null }
}

const displayers = ['stdout', 'log', 'file'] as const
const yes = /^(?:1|true|yes|on)$/i
const no = /^(?:0|false|no|off)?$/i

/** Reads a `config.cfg`. Throws an error that names the line that is wrong. */
export function readConfig(text: string): MonitorConfig {
  const config: MonitorConfig = {
    interval: 10,
    rules: [],
    displayer: 'stdout',
    file: null,
    logging: { debug: false, toStdout: false, toFile: null }
  }
  let section = ''
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    const bare = line.replace(/(?:^|\s)[#;].*$/, '').trim()
    if (!bare) continue
    const [, name] = /^\[(.+)\]$/.exec(bare) ?? []
    if (name !== undefined) {
      section = name.trim().toLowerCase()
      continue
    }
    const [, key, value] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(bare) ?? []
    try {
      if (key === undefined || value === undefined)
        throw new Error('it is neither [Section] nor name = value')
      const read = sections[section]
      if (!read)
        throw new Error(section ? `there is no section [${section}]` : 'it stands before any section')
      read(config, key.trim(), value)
    } catch (error) {
      throw new Error(`line ${at + 1}, ${bare.slice(0, 80)}: ${(error as Error).message}`, { cause: error })
    }
  }
  if (config.displayer === 'file' && config.file === null)
    throw new Error('[Output] displayer = file wants a file_name')
  return config
}

const sections: Record<string, (config: MonitorConfig, key: string, value: string) => void> = {
  stats(config, key, value) {
    if (key.toLowerCase() !== 'interval') throw unknown(key)
    config.interval = Math.max(0, whole(value))
  },
  alerts(config, key, value) {
    config.rules.push(readAlert(key, value, config.rules))
  },
  output(config, key, value) {
    const name = key.toLowerCase()
    if (name === 'file_name') config.file = value || null
    else if (name === 'displayer') config.displayer = displayerOf(value)
    else throw unknown(key)
  },
  logging(config, key, value) {
    const name = key.toLowerCase()
    if (name === 'debug') config.logging.debug = flag(value)
    else if (name === 'log_to_stdout') config.logging.toStdout = flag(value)
    else if (name === 'log_to_file') config.logging.toFile = no.test(value) ? null : value
    else throw unknown(key)
  }
}

/** The rule of `name = threshold, seconds`, beside others. Throws an error that says what is wrong. */
export function readAlert(name: string, value: string, others: readonly AlertRule[]): AlertRule {
  const [threshold, seconds, ...rest] = value.split(',')
  if (seconds === undefined || rest.length) throw new Error('an alert is name = threshold, seconds')
  const [limit, window] = [number(threshold!), whole(seconds)]
  if (!(limit > 0 && window > 0)) throw new Error('threshold and seconds are greater than 0')
  return traffic(idOf(name, others), titleOf(name), limit, window)
}

const unknown = (key: string) => new Error(`there is nothing called ${key}`)

function displayerOf(value: string): MonitorConfig['displayer'] {
  const found = displayers.find((name) => name === value.toLowerCase())
  if (!found) throw new Error(`a displayer is one of ${displayers.join(', ')}`)
  return found
}

function flag(value: string): boolean {
  if (yes.test(value)) return true
  if (no.test(value)) return false
  throw new Error(`${value} is neither true nor false`)
}

function number(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new Error(`${text.trim()} is not a number`)
  return value
}

function whole(text: string): number {
  const value = number(text)
  if (!Number.isInteger(value)) throw new Error(`${text.trim()} is not a whole number of seconds`)
  return value
}

/** `high_traffic` is written as High traffic. */
const titleOf = (key: string) => {
  const words = key.replace(/[_\s]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function idOf(key: string, others: readonly AlertRule[]): string {
  const id = key.replace(/[^\w-]+/g, '-').slice(0, 36) || 'alert'
  const same = others.filter((other) => other.id === id || other.id.startsWith(`${id}-`)).length
  return same ? `${id}-${same + 1}` : id
}
