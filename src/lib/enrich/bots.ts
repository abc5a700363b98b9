import { isbotMatch } from 'isbot'
import type { Enrichment } from '#lib/schema/hit.ts'
import { knownBots } from './known-bots.ts'

export type BotVerdict = Pick<Enrichment, 'is_bot' | 'bot_name' | 'bot_purpose'>

export interface KnownBot {
  readonly name: string
  readonly operator: string
  readonly purpose: string
}

const person: BotVerdict = { is_bot: false, bot_name: null, bot_purpose: null }

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

/**
 * Whether an agent declares a machine: a bot of our table, a library, or what isbot takes for one. No agent declares
 * nothing: a log may not hold agents at all, and whether their absence is evidence is for a verdict over many hits.
 */
export function readBot(agent: string | null): BotVerdict {
  if (agent === null) return person
  const found = named.exec(agent) ?? tools.exec(agent)
  const bot = found && bots.get(found[0].toLowerCase())
  if (bot) return { is_bot: true, bot_name: bot.name, bot_purpose: bot.purpose }
  const match = isbotMatch(agent)
  return match === null ? person : { is_bot: true, bot_name: nameAround(agent, match), bot_purpose: 'other' }
}

/** The word in which isbot found something, or, where that is an address or a remark, the product named first. */
function nameAround(agent: string, match: string): string | null {
  const at = agent.indexOf(match)
  const start = agent.slice(0, at).search(/[\w.-]*$/)
  const word = /^[\w.-]*/.exec(agent.slice(start))![0]
  const isName = /[a-z]{3}/i.test(word) && !/^(?:https?|www|mailto|compatible|com|org|Mozilla)\b/i.test(word)
  const name = isName ? word : (/compatible; ?([\w.-]+)/.exec(agent) ?? /^([\w.-]+)/.exec(agent))?.[1]
  return name ? name.replace(/[-_.]?v?\d[\d.]*$/, '').slice(0, 40) || name : null
}
