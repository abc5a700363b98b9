import type { Enrichment } from '#lib/schema/hit.ts'
import { entry, has, isDigit, nothing, scan, seen, versionOf } from './agent-scan.ts'
import { browsers } from './agent-tokens.ts'
import { deviceOf, systemOfModel } from './device.ts'
import { withSpaces } from './spaceless.ts'
import { devices, systems, windowsVersions } from './system-tokens.ts'

export type Agent = Pick<Enrichment, 'browser' | 'browser_version' | 'os' | 'os_version' | 'device'>

/**
 * Takes an agent for what it says it is. One pass over its words; the lists in `agent-tokens.ts` and
 * `system-tokens.ts` decide. What it does not say is null.
 */
export function readAgent(sent: string): Agent {
  const agent = withSpaces(sent)
  scan(agent)
  const model = seen.model === null ? '' : agent.slice(seen.model.start, seen.model.end)
  const browser = browserOf(agent)
  const os = systemOf(agent, model)
  return {
    browser,
    browser_version: browser === null ? null : browserVersion(browser, agent),
    os,
    os_version: os === null ? null : systemVersion(os, agent),
    device: deviceOf(os, agent, model)
  }
}

const version = entry('Version')
const revision = entry('rv')
const kernel = entry('NT')
const appleSystem = entry('OS')
const iosApp = entry('iOS')
const ucSystem = entry('ov')
const macSystem = entry('X')
const android = entry('Android')
const reduced = entry('K')
const gecko = entry('Gecko')
const webKit = entry('AppleWebKit')
const mobile = entry('Mobile')
const trident = entry('Trident')
const explorer = entry('MSIE')
const chrome = entry('Chrome')
const samsung = entry('SamsungBrowser')
const firefox = entry('Firefox')
/** Browsers on iPhones and iPads alone. */
const iosBrowsers = 'CriOS FxiOS EdgiOS OPiOS OPT OPX GSA Focus Klar YaApp_iOS FBIOS'.split(' ').map(entry)

function browserOf(agent: string): string | null {
  if (seen.browser === nothing)
    return has(gecko) && has(revision) && agent.startsWith('Mozilla/5.0') ? 'Mozilla' : null
  const [name] = browsers[seen.browser.browser]!
  if (name === 'Android Browser' || name === 'iOS WebView')
    return has(webKit) || agent.includes(' Browser/Apple') ? name : null
  if (!name.startsWith('Chrome') || !has(android) || !has(version)) return name
  // Samsung's browser said `Version/1.5` before it had a name; every web view says `Version/4.0`.
  return /^[12]\./.test(versionOf(version)) ? 'Samsung Internet' : 'Chrome WebView'
}

/** Versions that stand in the list of an app, or are a part of its word. */
const versionsInside: Readonly<Record<string, RegExp>> = {
  Naver: /\bNAVER\(.*?; (\d+\.[\d.]+)[;)]/,
  Weibo: /__weibo__(\d[\d.]*)/,
  Outlook: /\bOutlook-\w+\/.*\((\d+\.[\d.]+)\)/,
  TikTok: /\b(?:musical_ly|trill)_(\d+\.[\d.]+)/
}

/** Browsers whose own words have the number of their engine or system behind them. */
const versionedElsewhere = new Set(['Safari', 'Android Browser', 'iOS WebView', 'Steam'])

function browserVersion(name: string, agent: string): string | null {
  if (seen.browser === nothing) return short(versionOf(revision))
  if (name === 'IE' && has(trident)) return ieVersion()
  const inside = versionsInside[name]?.exec(agent)
  if (inside) return short(inside[1]!)
  if (name === 'Samsung Internet' && has(chrome) && !has(samsung)) return short(versionOf(version))
  const [, , elsewhere] = browsers[seen.browser.browser]!
  for (const word of elsewhere?.split(' ') ?? []) {
    const found = short(versionOf(entry(word)))
    if (found !== null) return found
  }
  return versionedElsewhere.has(name) ? null : short(versionOf(seen.browser))
}

/** What the engine tells: a site in compatibility view is told of MSIE 7. */
function ieVersion(): string | null {
  const engine = Number.parseInt(versionOf(trident), 10)
  return engine >= 4 ? String(Math.min(engine + 4, 11)) : short(versionOf(revision) || versionOf(explorer))
}

function systemOf(agent: string, model: string): string | null {
  if (seen.system === nothing) return unnamedSystem(agent)
  const [name] = systems[seen.system.system]!
  if (name === 'iOS' && seen.device !== nothing && devices[seen.device.device]![0] === 'tablet')
    return 'iPadOS'
  if (name === 'Android') return systemOfModel(model) ?? name
  if (name === 'macOS') return has(mobile) || iosBrowsers.some(has) ? 'iPadOS' : name
  // Samsung's browser in desktop mode: it runs on Android alone.
  if (name === 'Linux') return has(samsung) ? 'Android' : name
  if (name !== 'Darwin') return name
  // Apps on Apple's network library; those on a Mac name its processor, its model or Safari itself.
  return /x86_64|i386|arm64e?\)|Mac|^(?:com\.apple\.)?Safari/.test(agent) ? 'macOS' : 'iOS'
}

/** Agents of a device alone, and of Firefox OS, which names none: `Mozilla/5.0 (Mobile; rv:26.0)`. */
function unnamedSystem(agent: string): string | null {
  if (/^i(?:Phone|Pod)\w*$/.test(agent)) return 'iOS'
  return has(firefox) && /^Mozilla\/5\.0 \((?:Mobile|Tablet|TV);/.test(agent) ? 'Firefox OS' : null
}

/** Major, or major.minor where the minor says something. */
function short(version: string): string | null {
  const majorEnd = digitsEnd(version, 0)
  if (majorEnd === 0) return null
  const minorEnd = digitsEnd(version, majorEnd + 1)
  const major = Number(version.slice(0, majorEnd))
  const minor = Number(version.slice(majorEnd + 1, minorEnd))
  return minor > 0 ? `${major}.${minor}` : String(major)
}

function digitsEnd(text: string, start: number): number {
  let at = start
  while (isDigit(text.charCodeAt(at))) at++
  return at
}

function systemVersion(os: string, agent: string): string | null {
  switch (os) {
    case 'Windows':
      return windowsVersion(agent)
    case 'Android':
      // Chrome says "Android 10; K" whatever the device, since version 110.
      return has(reduced) && versionOf(android) === '10'
        ? null
        : short(versionOf(android) || versionOf(seen.system))
    case 'Fire OS':
      return short(versionOf(android))
    case 'macOS':
      return macVersion()
    case 'iOS':
    case 'iPadOS':
      return appleVersion()
    case 'Wear OS':
      return null
    default:
      if (seen.system === nothing) return null
      return short(versionOf(entry(systems[seen.system.system]![2] ?? '')) || versionOf(seen.system))
  }
}

function windowsVersion(agent: string): string | null {
  const number = versionOf(kernel)
  if (number)
    return windowsVersions[number] ?? windowsVersions[number.slice(0, number.startsWith('1') ? 4 : 3)] ?? null
  return /Win(?:dows )?(?:(9[58]|2000|XP|ME|CE|3\.1|Vista|NT)\b|9x (4\.90))/.exec(agent)?.[1] ?? null
}

/** Browsers say 10.15.7 for every later version too. */
function macVersion(): string | null {
  const number = versionOf(macSystem)
  return /^10[._]15([._]7)?$/.test(number) ? '10.15+' : short(number)
}

/** From 26 on Safari says that the system is 18, and the truth as its own version. */
function appleVersion(): string | null {
  const system = short(versionOf(appleSystem) || versionOf(iosApp) || versionOf(ucSystem))
  const browser = short(versionOf(version))
  return Number(browser) >= 26 && Number(system) < 26 ? browser : system
}
