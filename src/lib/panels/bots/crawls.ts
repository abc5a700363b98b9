import { fill } from '#lib/engine/fill.ts'
import { botByName } from '#lib/enrich/bots.ts'
import { fieldOf } from '#lib/star/star.ts'
import { placeOf } from '#lib/verdict/classes.ts'
import crawls from './crawls.sql?raw'

/** What the bots of one name took, or the visitors that one site sent. */
export interface Part {
  part: 'crawl' | 'sent'
  name: string
  requests: number
  pages: number
  bytes: number
  visitors: number
}

/** What an operator's crawlers took, and the visitors that its own sites sent. */
export interface Exchange {
  operator: string
  /** What its crawlers are for. */
  purposes: string[]
  bots: string[]
  requests: number
  pages: number
  bytes: number
  visitors: number
}

export const crawlsSql = fill(crawls, {
  bot_name: String(fieldOf('bot_name')),
  referrer_domain: String(fieldOf('referrer_domain')),
  bots: String(placeOf('bots')),
  people: String(placeOf('people'))
})

/** Where visitors come from that an operator sends: a domain, with its subdomains; `google.` is google of any country. */
const sitesOf: Readonly<Record<string, readonly string[]>> = {
  OpenAI: ['chatgpt.com', 'chat.openai.com', 'com.openai.chatgpt'],
  Anthropic: ['claude.ai', 'com.anthropic.claude'],
  Google: ['google.', 'com.google.android.googlequicksearchbox'],
  Microsoft: ['bing.com', 'copilot.microsoft.com', 'copilot.cloud.microsoft'],
  Perplexity: ['perplexity.ai', 'ai.perplexity.app.android'],
  DuckDuckGo: ['duckduckgo.com', 'duck.ai', 'com.duckduckgo.mobile.android'],
  Meta: ['facebook.com', 'instagram.com', 'threads.net', 'threads.com', 'meta.ai'],
  Mistral: ['chat.mistral.ai', 'lechat.mistral.ai'],
  ByteDance: ['tiktok.com', 'doubao.com'],
  Yandex: ['yandex.', 'ya.ru', 'dzen.ru'],
  Baidu: ['baidu.com'],
  Yahoo: ['search.yahoo.com', 'search.yahoo.co.jp'],
  Brave: ['search.brave.com'],
  Kagi: ['kagi.com'],
  Seznam: ['seznam.cz'],
  Naver: ['search.naver.com'],
  Qwant: ['qwant.com'],
  xAI: ['grok.com', 'x.ai'],
  DeepSeek: ['deepseek.com']
}

const isOfSite = (domain: string, site: string) =>
  site.endsWith('.')
    ? domain.startsWith(site) || domain.includes(`.${site}`)
    : domain === site || domain.endsWith(`.${site}`)

/** The operators whose crawlers feed a search or a model, with the most requests first. */
export function exchangesOf(parts: readonly Part[]): Exchange[] {
  const found = new Map<string, Exchange>()
  for (const { part, name, requests, pages, bytes } of parts) {
    const bot = part === 'crawl' ? botByName(name) : null
    const purposes = bot?.purpose.split(', ').filter(isFed) ?? []
    if (!bot || !purposes.length) continue
    const one = found.get(bot.operator) ?? blank(bot.operator)
    found.set(bot.operator, {
      ...one,
      purposes: [...new Set([...one.purposes, ...purposes])],
      bots: [...one.bots, name],
      requests: one.requests + requests,
      pages: one.pages + pages,
      bytes: one.bytes + bytes
    })
  }
  const sent = parts.filter(({ part }) => part === 'sent')
  return [...found.values()]
    .map((one) => {
      const sites = sitesOf[one.operator] ?? []
      const own = sent.filter(({ name }) => sites.some((site) => isOfSite(name, site)))
      return { ...one, visitors: own.reduce((sum, { visitors }) => sum + visitors, 0) }
    })
    .sort((a, b) => b.requests - a.requests || (a.operator < b.operator ? -1 : 1))
}

const blank = (operator: string): Exchange => ({
  operator,
  purposes: [],
  bots: [],
  requests: 0,
  pages: 0,
  bytes: 0,
  visitors: 0
})

const isFed = (purpose: string) => purpose === 'search' || purpose.startsWith('ai_')
