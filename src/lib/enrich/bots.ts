import { isbotMatch } from 'isbot'
import type { Enrichment, Hit } from '#lib/schema/hit.ts'
import { knownBots } from './known-bots.ts'

export type BotVerdict = Pick<Enrichment, 'is_bot' | 'bot_name' | 'bot_purpose'>

export interface KnownBot {
  readonly name: string
  readonly operator: string
  readonly purpose: string
}

const person: BotVerdict = { is_bot: false, bot_name: null, bot_purpose: null }
const nameless: BotVerdict = { is_bot: true, bot_name: 'No agent', bot_purpose: 'other' }

/** Shapes of lines that always hold an agent. Others may leave it out, as Apache's common format does. */
const shapesWithAgent = new Set(['combined', 'ballcone'])

/**
 * The verdict on a hit without an agent: every browser sends one, so its absence declares a machine, but only where
 * the log would show it. On labelled traffic that takes in scanners and broken requests, and no person.
 */
export function missingAgent(hit: Pick<Hit, 'kind' | 'shape'>): BotVerdict {
  return hit.kind === 'request' && shapesWithAgent.has(hit.shape) ? nameless : person
}

const bots = new Map<string, KnownBot>()
const patterns: { named: string[]; tools: string[] } = { named: [], tools: [] }
for (const [purpose, operator, tokens] of knownBots) {
  for (const token of tokens.split(', ')) {
    const [text, shown] = token.split(' = ') as [string, string?]
    const name = shown ?? text.replace(/[/ ]+$/, '')
    bots.set(text.toLowerCase(), { name, operator, purpose })
    patterns[purpose === 'library' ? 'tools' : 'named'].push(text)
  }
}

const named = anyOf(patterns.named)
const tools = anyOf(patterns.tools)

/** Longer ones first, so that Googlebot-Image is not taken for Googlebot. */
function anyOf(texts: readonly string[]): RegExp {
  const escaped = [...texts]
    .sort((a, b) => b.length - a.length)
    .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`(?<![a-z])(?:${escaped.join('|')})`, 'i')
}

/** Who runs a bot of this name, and what for. */
export function botByName(name: string): KnownBot | null {
  for (const bot of bots.values()) if (bot.name === name) return bot
  return null
}

/** Whether an agent declares a machine: a bot of our table, a library, or what isbot takes for one. */
export function readBot(agent: string): BotVerdict {
  const found = named.exec(agent) ?? tools.exec(agent)
  const bot = found && bots.get(found[0].toLowerCase())
  if (bot) return { is_bot: true, bot_name: bot.name, bot_purpose: bot.purpose }
  const match = isbotMatch(agent.replace(misleading, ' '))
  return match === null ? person : { is_bot: true, bot_name: nameIn(agent, match), bot_purpose: 'other' }
}

/** What isbot takes for a bot and is none: phones, televisions, apps of Google, toolkits of old phones. */
const misleading =
  /\b(?:cubot|kidbot)[\w ]*|\b(?:CE-HTML|HbbTV|GoogleTV)\b[\w./]*|\bGoogle (?:Nexus|Pixel|WAP Proxy|Earth|TV)[\w ]*|\bcom\.google\.[\w.]+|\bGooglePlay\b|\(?via translate\.google\.com\)?|\bgzip\(gfe\)|\bWii Internet Channel\b|\bJava(?:Platform|_runtime_version)\b|\bddg_android\b|\bICAPoHTTPS\b|\bchromeframe\b/gi

/**
 * The name of a bot that only isbot knows: the word it found, with the one before where it is a common noun
 * (`HubSpot Crawler`); where it found an address or a remark, the product that is named.
 */
function nameIn(agent: string, match: string): string {
  const at = agent.indexOf(match)
  const before = agent.slice(0, Math.max(at, 0)).search(/[\w.-]*$/)
  const word = at < 0 ? '' : /^[\w.-]*/.exec(agent.slice(before))![0]
  const isNoun =
    /^(?:web-?)?(?:ro)?(?:bot|crawl|crawler|spider|fetcher|scanner|monitor|agent|checker|client)s?$/i.test(
      word
    )
  if (!isNoun && isName(word)) return tidy(word)
  const noun = isNoun ? /[\w.&-]+ $/.exec(agent.slice(0, before)) : null
  if (noun && isName(noun[0].trim())) return tidy(noun[0] + word)
  const product = /compatible; ?\+?([^;()/+]+)/.exec(agent) ?? /^([^;()/+,]+)/.exec(agent)
  return product && isName(product[1]!.trim()) ? tidy(product[1]!) : 'Unnamed'
}

function isName(word: string): boolean {
  return /[a-z]{2}/i.test(word) && !/^(?:https?|www|mailto|compatible|com|org|net|Mozilla|MSIE)\b/i.test(word)
}

function tidy(name: string): string {
  const bare = name.trim().replace(/[-_. ]?v?\d+(?:\.\d+)*$/, '')
  return (bare || name).slice(0, 40).trim()
}
