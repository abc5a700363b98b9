import { decodeTarget } from '#lib/accept/request.ts'
import { fill } from '#lib/engine/fill.ts'
import { botByName } from '#lib/enrich/bots.ts'
import { fieldOf } from '#lib/star/star.ts'
import { placeOf } from '#lib/verdict/classes.ts'
import robots from './robots.sql?raw'

/** A rule of robots.txt (RFC 9309). Of those that match, the longest holds, and of equal ones one that allows. */
interface Rule {
  allows: boolean
  /** As it is written: `*` stands for any text, and `$` at the end for the end of the path. */
  pattern: string
}

/** The rules for crawlers of some product tokens, in lower case; `*` is for all others. */
export interface Group {
  tokens: string[]
  rules: Rule[]
}

/** The groups of a robots.txt. Lines that are no rule, and rules before the first agent, are skipped. */
export function readRobots(text: string): Group[] {
  const groups: Group[] = []
  let isNaming = false
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    const [, key = '', value = ''] = /^\s*([\w-]+)\s*:\s*(.*)$/.exec(line.replace(/#.*/, '')) ?? []
    const name = key.toLowerCase()
    if (name === 'user-agent') {
      if (!isNaming) groups.push({ tokens: [], rules: [] })
      groups.at(-1)!.tokens.push(tokenOf(value))
      isNaming = true
    } else if (name === 'allow' || name === 'disallow') {
      isNaming = false
      const pattern = value.trim()
      if (pattern) groups.at(-1)?.rules.push({ allows: name === 'allow', pattern })
    }
  }
  return groups
}

/** A version after the token is not part of it. */
const tokenOf = (value: string) =>
  value.trim() === '*' ? '*' : (/^[a-z_-]+/.exec(value.trim().toLowerCase())?.[0] ?? '')

/** All rules for a token; groups that name it together are one group. */
const rulesFor = (groups: readonly Group[], token: string): Rule[] =>
  groups.filter(({ tokens }) => tokens.includes(token)).flatMap(({ rules }) => rules)

/**
 * SQL that is true where a crawler may fetch a target. A crawler without a group of its own, such as Googlebot-Image, goes
 * by that of its family, Googlebot, and else by `*`.
 */
export function allowedSql(groups: readonly Group[], bot: string, target: string): string {
  const tokens = [...new Set(groups.flatMap(({ tokens }) => tokens))]
    .filter((token) => token && token !== '*')
    .sort((a, b) => b.length - a.length)
  const cases = tokens.map(
    (token) =>
      `WHEN lower(${bot}) = ${quote(token)} OR starts_with(lower(${bot}), ${quote(`${token}-`)}) THEN ${testOf(rulesFor(groups, token), target)}`
  )
  const others = testOf(rulesFor(groups, '*'), target)
  return cases.length ? `CASE ${cases.join('\n')} ELSE ${others} END` : others
}

function testOf(rules: readonly Rule[], target: string): string {
  const longest = (allows: boolean) =>
    `greatest(${[
      '-1',
      ...rules
        .filter((rule) => rule.allows === allows)
        .map(({ pattern }) => `CASE WHEN ${matchOf(pattern, target)} THEN ${pattern.length} ELSE -1 END`)
    ].join(', ')})`
  return `(${longest(true)} >= ${longest(false)})`
}

function matchOf(pattern: string, target: string): string {
  const isWhole = pattern.endsWith('$')
  const pieces = (isWhole ? pattern.slice(0, -1) : pattern).split(/\*+/).map(decodeTarget)
  if (pieces.length === 1 && !isWhole) return `starts_with(${target}, ${quote(pieces[0]!)})`
  const inner = pieces.map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')
  return `regexp_matches(${target}, ${quote(`^${inner}${isWhole ? '$' : ''}`)}, 's')`
}

const quote = (text: string) => `'${text.replaceAll('\0', '').replaceAll("'", "''")}'`

/** What a crawler did of what robots.txt says. */
export interface Obedience {
  bot: string
  requests: number
  /** When it last asked for robots.txt in the period, ms; null if it did not. */
  read: number | null
  /** Requests that robots.txt allows and the server refused by 401, 403 or 429, and the most frequent target. */
  refused: number
  refused_example: string | null
  /** Requests that robots.txt forbids and the server answered, and the most frequent target. */
  forbidden: number
  forbidden_example: string | null
}

/** Asks what crawlers did; without a robots.txt all is allowed. */
export const robotsSql = (text: string): string =>
  fill(robots, {
    bot_name: String(fieldOf('bot_name')),
    path: String(fieldOf('path')),
    query: String(fieldOf('query')),
    bots: String(placeOf('bots')),
    allowed: allowedSql(readRobots(text), 'bot', 'target')
  })

const obeysNone = new Set(['library', 'monitor', 'scanner'])

/** Crawlers, without programs that robots.txt is not for; those that were forbidden first. */
export const crawlersOf = (rows: readonly Obedience[]): (Obedience & { operator: string | null })[] =>
  rows.flatMap((row) => {
    const bot = botByName(row.bot)
    return bot && obeysNone.has(bot.purpose) ? [] : [{ ...row, operator: bot?.operator ?? null }]
  })
