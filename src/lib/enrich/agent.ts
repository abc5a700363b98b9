import type { Enrichment } from '#lib/schema/hit.ts'
import { browsers, devices, systems, windowsVersions } from './agent-tokens.ts'

export type Agent = Pick<Enrichment, 'browser' | 'browser_version' | 'os' | 'os_version' | 'device'>

/** A word that means something: its place in each list (`none` where it is in none), and what this agent says. */
interface Word {
  browser: number
  system: number
  device: number
  /** Whether it is a browser only with a version behind it. */
  isStrict: boolean
  /** What it means with another word after it. */
  pairs: Map<string, Word> | null
  /** The scan that saw it last. */
  scan: number
  /** The version behind it in that scan, or ''. */
  version: string
}

const none = 1_000

const words = new Map<string, Word>()
/** For each first letter the lengths of its words, as bits: most words of an agent are dismissed by these. */
const lengths = new Int32Array(128)
enter(browsers, 'browser')
enter(systems, 'system')
enter(devices, 'device')

function enter(
  rows: readonly (readonly [string, string, string?])[],
  list: 'browser' | 'system' | 'device'
): void {
  rows.forEach(([, names, version], rank) => {
    for (const name of names.split(' ')) {
      const word = entry(name.replace(/\/$/, ''))
      word[list] = Math.min(rank, word[list])
      word.isStrict ||= name.endsWith('/')
    }
    if (version) entry(version)
  })
}

function entry(name: string): Word {
  const [first, second] = name.split('~')
  const word = words.get(first!) ?? blank()
  words.set(first!, word)
  lengths[first!.charCodeAt(0)]! |= 1 << first!.length
  if (second === undefined) return word
  word.pairs ??= new Map()
  const pair = word.pairs.get(second) ?? blank()
  word.pairs.set(second, pair)
  return pair
}

function blank(): Word {
  return { browser: none, system: none, device: none, isStrict: false, pairs: null, scan: 0, version: '' }
}

const version = entry('Version')
const revision = entry('rv')
const kernel = entry('NT')
const appleSystem = entry('OS')
const iosApp = entry('iOS')
const macSystem = entry('X')
const android = entry('Android')
const reduced = entry('K')
const linux = entry('Linux')
const gecko = entry('Gecko')
const webKit = entry('AppleWebKit')
const safari = entry('Safari')
const mobile = entry('Mobile')
const mobi = entry('Mobi')
const tablet = entry('Tablet')

const nothing = blank()
let scans = 0
let browserWord = nothing
let systemWord = nothing
let deviceWord = nothing

function has(word: Word): boolean {
  return word.scan === scans
}

function versionOf(word: Word): string {
  return word.scan === scans ? word.version : ''
}

/**
 * Takes an agent for what it says it is. One pass over its words; the lists in `agent-tokens.ts` decide.
 * What it does not say is null.
 */
export function readAgent(agent: string): Agent {
  scan(agent)
  const browser = browserOf(agent)
  const os = systemOf(agent)
  return {
    browser,
    browser_version: browser === null ? null : browserVersion(),
    os,
    os_version: os === null ? null : systemVersion(os, agent),
    device: deviceOf(os, agent)
  }
}

function scan(agent: string): void {
  scans++
  browserWord = systemWord = deviceWord = nothing
  for (let at = 0; at < agent.length;) {
    const start = at
    while (at < agent.length && kindAt(agent, at) === inWord) at++
    const word = wordAt(agent, start, at)
    if (word !== undefined) note(word, agent, at + 1)
    at = afterVersion(agent, at)
  }
}

function wordAt(agent: string, start: number, end: number): Word | undefined {
  const first = agent.charCodeAt(start)
  const isPossible = first < 128 && end - start < 32 && lengths[first]! & (1 << (end - start))
  return isPossible ? words.get(agent.slice(start, end)) : undefined
}

/** Steps over what stands between words; over a number behind a slash, too. */
function afterVersion(agent: string, at: number): number {
  if (agent.charCodeAt(at++) !== slash) return at
  if (isDigit(agent.charCodeAt(at))) while (at < agent.length && kindAt(agent, at) !== gap) at++
  return at
}

function note(word: Word, agent: string, versionStart: number): void {
  if (word.scan !== scans || word.version === '') word.version = versionAt(agent, versionStart)
  word.scan = scans
  if (word.pairs !== null) notePair(word.pairs, agent, versionStart)
  if (word.browser < browserWord.browser && !(word.isStrict && word.version === '')) browserWord = word
  if (word.system < systemWord.system) systemWord = word
  if (word.device < deviceWord.device) deviceWord = word
}

function notePair(pairs: Map<string, Word>, agent: string, start: number): void {
  let end = start
  while (end < agent.length && kindAt(agent, end) === inWord) end++
  const pair = pairs.get(agent.slice(start, end))
  if (pair !== undefined) note(pair, agent, end + 1)
}

const slash = 47
const inWord = 0
const beforeVersion = 1
const gap = 2

const kinds = new Uint8Array(128)
for (const char of ' ;()[],"+{}') kinds[char.charCodeAt(0)] = gap
for (const char of '/:') kinds[char.charCodeAt(0)] = beforeVersion

function kindAt(agent: string, at: number): number {
  const code = agent.charCodeAt(at)
  return code < 128 ? kinds[code]! : inWord
}

function versionAt(agent: string, start: number): string {
  let at = start
  if ((agent.charCodeAt(at) | 32) === 118) at++
  const first = at
  for (; at < agent.length; at++) {
    const code = agent.charCodeAt(at)
    if (!isDigit(code) && code !== 46 && code !== 95) break
  }
  return at === first ? '' : agent.slice(first, at)
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function browserOf(agent: string): string | null {
  if (browserWord === nothing)
    return has(gecko) && has(revision) && agent.startsWith('Mozilla/5.0') ? 'Mozilla' : null
  const [name] = browsers[browserWord.browser]!
  if (name === 'Android Browser' || name === 'iOS WebView') return has(webKit) ? name : null
  return name === 'Chrome' && has(android) && has(version) ? 'Chrome WebView' : name
}

function browserVersion(): string | null {
  const source = browsers[browserWord.browser]?.[2]
  return short((source && versionOf(entry(source))) || versionOf(browserWord))
}

function systemOf(agent: string): string | null {
  if (systemWord === nothing) return null
  const [name] = systems[systemWord.system]!
  if (name !== 'Darwin') return name
  // Apps on Apple's network library; those on a Mac name its processor or model.
  return /x86_64|i386|Mac/.test(agent) ? 'macOS' : 'iOS'
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
        : short(versionOf(android) || versionOf(systemWord))
    case 'macOS':
      return macVersion()
    case 'iOS':
    case 'iPadOS':
      return appleVersion()
    default:
      return short(versionOf(words.get(systems[systemWord.system]![2] ?? '') ?? systemWord))
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
  const system = short(versionOf(appleSystem) || versionOf(iosApp))
  const browser = short(versionOf(version))
  return Number(browser) >= 26 && Number(system) < 26 ? browser : system
}

const desktopSystems = new Set(
  'Windows macOS ChromeOS FreeBSD OpenBSD NetBSD DragonFly Solaris Ubuntu Fedora Debian Mint Gentoo SUSE CentOS Arch'
    .split(' ')
    .concat('Red Hat', 'Mandriva', 'Linux', 'AIX', 'HP-UX', 'IRIX', 'OS/2', 'BeOS', 'Amiga', 'Haiku')
)

const androidTablets =
  /\b(?:SM-[TXP]\d|GT-[PN][58]\d|SGH-T849|SCH-I800|SHW-M[34]80|KF[A-Z]{2,5}\b|Nexus (?:7|9|10)\b|Pixel C\b|Xoom|Transformer|TF\d{3}|Lenovo (?:TB|YT)|TB-\w|YT-\w|LG-V\d{3}|Iconia)|(?:Tab|Pad|TAB|PAD|[Tt]ablet)\b/

const featurePhones =
  /MIDP|CLDC|^(?:Nokia|SonyEricsson|SAMSUNG-|SEC-|SIE-|MOT-|LG[-/E]|ZTE|Alcatel|BlackBerry|DoCoMo|KDDI|SoftBank|Vodafone|J-PHONE|WILLCOM|HTC|Huawei|Panasonic-|Sagem|Sharp)|Opera Mobi|Windows CE|Smartphone|Symb(?:ian|OS)/i

function deviceOf(os: string | null, agent: string): string | null {
  if (deviceWord !== nothing) {
    const device = devices[deviceWord.device]![0]
    if (device !== 'tablet' || os !== 'Windows') return device
  }
  if (os === 'Android') return androidDevice(agent)
  if (os !== null && desktopSystems.has(os)) return isPocket(agent) ? 'phone' : 'desktop'
  if (os === 'Tizen' || os === 'webOS') return has(mobile) ? 'phone' : 'tv'
  if (has(tablet)) return 'tablet'
  if (os !== null || has(mobile) || featurePhones.test(agent)) return 'phone'
  return browserWord === nothing ? null : 'desktop'
}

/** A browser on Android says Mobile on phones alone; an app says nothing, and most run on phones. */
function androidDevice(agent: string): string {
  if (androidTablets.test(agent)) return 'tablet'
  if (has(mobile) || has(mobi)) return 'phone'
  return has(tablet) || has(safari) ? 'tablet' : 'phone'
}

function isPocket(agent: string): boolean {
  return (has(mobile) || has(mobi)) && (has(linux) || featurePhones.test(agent))
}
