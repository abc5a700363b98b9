import { browsers } from './agent-tokens.ts'
import type { Row } from './agent-tokens.ts'
import { modelFrom } from './android-model.ts'
import type { ModelPlace } from './android-model.ts'
import { devices, systems } from './system-tokens.ts'

/** A word that means something: its place in each list (`none` where it is in none), and what this agent says. */
export interface Word {
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

function enter(rows: readonly Row[], list: 'browser' | 'system' | 'device'): void {
  rows.forEach(([, names, versions], rank) => {
    for (const name of names.split(' ')) {
      const word = entry(name.replace(/\/$/, ''))
      word[list] = Math.min(rank, word[list])
      word.isStrict ||= name.endsWith('/')
    }
    versions?.split(' ').forEach(entry)
  })
}

/** The word of this name, or of this pair of names; made where it is new. */
export function entry(name: string): Word {
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

/** Stands for no word. */
export const nothing = blank()

/** What the last scan found: the words that rank first, and the place of the model. */
export const seen: { browser: Word; system: Word; device: Word; model: ModelPlace | null } = {
  browser: nothing,
  system: nothing,
  device: nothing,
  model: null
}

let scans = 0

/** Whether the last scan saw the word. */
export function has(word: Word): boolean {
  return word.scan === scans
}

/** The version that the last scan saw behind the word, or ''. */
export function versionOf(word: Word): string {
  return word.scan === scans ? word.version : ''
}

const android = entry('Android')
const androidInDisguise = entry('Andr0id')
const webView = entry('wv')
const harmony = entry('HarmonyOS')
const androidRank = android.system

/** Reads the words of an agent into `seen`. */
export function scan(agent: string): void {
  scans++
  seen.browser = seen.system = seen.device = nothing
  seen.model = null
  for (let at = 0; at < agent.length;) {
    const start = at
    while (at < agent.length && kindAt(agent, at) === inWord) at++
    const word = wordAt(agent, start, at)
    if (word !== undefined) note(word, agent, start, at + 1)
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

function note(word: Word, agent: string, start: number, versionStart: number): void {
  if (word.scan !== scans || word.version === '') word.version = versionAt(agent, versionStart)
  word.scan = scans
  if (word.pairs !== null) notePair(word.pairs, agent, versionStart)
  const isInModel = isModel(start)
  if (word.device < seen.device.device && !(isInModel && word.browser < none)) seen.device = word
  if (isInModel && word !== webView && word !== harmony) return
  if (word.browser < seen.browser.browser && !(word.isStrict && word.version === '')) seen.browser = word
  if (word.system < seen.system.system) seen.system = word
  if (word === android || word === androidInDisguise) noteModel(word, agent, versionStart)
}

/** A model may be named as a browser or a system is. */
function isModel(at: number): boolean {
  return seen.model !== null && at >= seen.model.start && at < seen.model.stop
}

/** Windows Phone and old browsers list more than a model behind `Android`. */
function noteModel(word: Word, agent: string, versionStart: number): void {
  if (seen.model !== null || word.version === '' || seen.system.system < androidRank) return
  const from = versionStart + word.version.length
  if (agent.charCodeAt(from) === semicolon) seen.model = modelFrom(agent, from + 1)
}

function notePair(pairs: Map<string, Word>, agent: string, start: number): void {
  let end = start
  while (end < agent.length && kindAt(agent, end) === inWord) end++
  const pair = pairs.get(agent.slice(start, end))
  if (pair !== undefined) note(pair, agent, start, end + 1)
}

const slash = 47
const semicolon = 59
const inWord = 0
const beforeVersion = 1
const gap = 2

const kinds = new Uint8Array(128)
for (const char of ' ;()[],"+{}') kinds[char.charCodeAt(0)] = gap
for (const char of '/:@') kinds[char.charCodeAt(0)] = beforeVersion

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

/** Whether a character is a digit. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}
