/** A crawler that says who it is, and how to tell whether that is true. Facts from the operators' own pages. */
export interface Crawler {
  readonly operator: string
  /** Its names, as in known-bots.ts, and as its agents have them. */
  readonly names: string
  /** The lists of addresses that it comes from, by their names in crawler-lists.ts. */
  readonly lists: readonly string[]
  /** True if the lists name all of its addresses, so that it never comes from elsewhere. */
  readonly isComplete?: true
  /** Autonomous systems that are the operator's alone: whoever comes from them is the operator. */
  readonly own?: readonly number[]
  /**
   * Autonomous systems that the operator shares with others. An operator adds addresses there before a list says so:
   * outside the lists and inside these, nothing can be told.
   */
  readonly shared?: readonly number[]
}

const google = 15169
const microsoft = 8075
const amazon = [14618, 16509]

/**
 * User-triggered fetchers of Google also come from App Engine, where anybody's program may run, so the list of those
 * addresses proves nothing and is not here.
 */
export const crawlers: readonly Crawler[] = [
  {
    operator: 'Google',
    names:
      'Googlebot, Googlebot-Image, Googlebot-News, Googlebot-Video, Googlebot-Mobile, Storebot-Google, Google-InspectionTool, GoogleOther, Google-CloudVertexBot',
    lists: ['google-common', 'google-special'],
    isComplete: true,
    shared: [google]
  },
  {
    operator: 'Google',
    names:
      'APIs-Google, AdsBot-Google, AdsBot-Google-Mobile, Mediapartners-Google, Google-Safety, DuplexWeb-Google',
    lists: ['google-special', 'google-common'],
    isComplete: true,
    shared: [google]
  },
  {
    operator: 'Google',
    names:
      'FeedFetcher-Google, GoogleProducer, Google-Read-Aloud, Google-Site-Verification, Google-NotebookLM, Google-Agent, Gemini-Deep-Research',
    lists: ['google-fetchers', 'google-agents']
  },
  {
    operator: 'Microsoft',
    names: 'bingbot, adidxbot, MicrosoftPreview',
    lists: ['bing'],
    isComplete: true,
    shared: [microsoft]
  },
  { operator: 'Apple', names: 'Applebot', lists: ['apple'], isComplete: true, shared: [714, 6185] },
  {
    operator: 'OpenAI',
    names: 'GPTBot',
    lists: ['openai-gptbot'],
    isComplete: true,
    shared: [microsoft]
  },
  {
    operator: 'OpenAI',
    names: 'OAI-SearchBot',
    lists: ['openai-searchbot'],
    isComplete: true,
    shared: [microsoft]
  },
  {
    operator: 'OpenAI',
    names: 'ChatGPT-User',
    lists: ['openai-chatgpt-user'],
    isComplete: true,
    shared: [microsoft]
  },
  { operator: 'OpenAI', names: 'OAI-AdsBot', lists: ['openai-adsbot'] },
  {
    operator: 'Anthropic',
    names: 'ClaudeBot, Claude-User, Claude-SearchBot',
    lists: ['anthropic'],
    isComplete: true,
    own: [399358],
    shared: amazon
  },
  {
    operator: 'Perplexity',
    names: 'PerplexityBot',
    lists: ['perplexity-bot'],
    isComplete: true,
    shared: amazon
  },
  { operator: 'Perplexity', names: 'Perplexity-User', lists: ['perplexity-user'], shared: amazon },
  {
    operator: 'Mistral',
    names: 'MistralAI-User',
    lists: ['mistral-user'],
    isComplete: true,
    shared: [microsoft]
  },
  {
    operator: 'DuckDuckGo',
    names: 'DuckDuckBot, DuckDuckBot-Https',
    lists: ['duckduckbot'],
    isComplete: true,
    shared: [microsoft]
  },
  { operator: 'DuckDuckGo', names: 'DuckAssistBot', lists: ['duckassistbot'], shared: [microsoft] },
  { operator: 'Common Crawl', names: 'CCBot', lists: ['ccbot'], isComplete: true, shared: amazon },
  { operator: 'Ahrefs', names: 'AhrefsBot', lists: ['ahrefs'], isComplete: true, shared: [16276] },
  { operator: 'Ahrefs', names: 'AhrefsSiteAudit', lists: ['ahrefs'] },
  {
    operator: 'Yandex',
    names:
      'YandexBot, YandexImages, YandexMobileBot, YandexAccessibilityBot, YandexRenderResourcesBot, YandexFavicons, YandexMetrika, YandexWebmaster, YandexVideo, YandexMedia, YandexBlogs, YandexNews, YandexDirect, YandexMarket, YandexPagechecker, YandexAdditional, YandexAdditionalBot',
    lists: ['yandex'],
    own: [13238]
  },
  {
    operator: 'Meta',
    names:
      'facebookexternalhit, facebookcatalog, meta-externalhit, meta-externalagent, meta-externalfetcher, meta-webindexer, meta-externalads, FacebookBot',
    lists: [],
    own: [32934]
  },
  { operator: 'X', names: 'Twitterbot', lists: [], own: [13414] },
  { operator: 'LinkedIn', names: 'LinkedInBot', lists: [], own: [14413] },
  { operator: 'Telegram', names: 'TelegramBot', lists: [], own: [59930, 62014, 62041] },
  { operator: 'Seznam', names: 'SeznamBot', lists: [], own: [43037] },
  { operator: 'Semrush', names: 'SemrushBot, SiteAuditBot, SplitSignalBot', lists: [], own: [209366] },
  { operator: 'Internet Archive', names: 'archive.org_bot, special_archiver', lists: [], own: [7941] },
  { operator: 'Censys', names: 'CensysInspect', lists: [], own: [398324, 398705, 398722] },
  { operator: 'UptimeRobot', names: 'UptimeRobot', lists: ['uptimerobot'] },
  { operator: 'Site24x7', names: 'Site24x7', lists: ['site24x7'] },
  { operator: 'AddSearch', names: 'AddSearchBot', lists: ['addsearch'] }
]
