import { isbotMatch } from 'isbot'
import type { Enrichment, Hit } from '#lib/schema/hit.ts'
import { noAgent } from '#lib/accept/fields.ts'
import { modelPlace, type ModelPlace } from './android-model.ts'
import { plainNames } from './ai-bots.ts'
import { knownBots, type BotRow } from './known-bots.ts'
import { withSpaces } from './spaceless.ts'

export type BotVerdict = Pick<Enrichment, 'is_bot' | 'bot_name' | 'bot_purpose'>

interface KnownBot {
  readonly name: string
  readonly operator: string
  /** Its purposes, joined by ", ". */
  readonly purpose: string
}

const person: BotVerdict = { is_bot: false, bot_name: null, bot_purpose: null }
const nameless: BotVerdict = { is_bot: true, bot_name: 'No agent', bot_purpose: 'other' }

/**
 * The verdict on a hit without an agent: every browser sends one, so its absence declares a machine, but only where
 * the format shows the agent. On labelled traffic that takes in scanners and broken requests, and no person.
 */
export function missingAgent(hit: Pick<Hit, 'kind' | 'flags'>): BotVerdict {
  return hit.kind === 'request' && hit.flags?.split(',').includes(noAgent) ? nameless : person
}

const bots = botsOf(knownBots)
/** By their names alone. */
const plain = botsOf(plainNames)
const isTool = ([, { purpose }]: [string, KnownBot]) => purpose === 'library'
const named = anyOf([...bots].filter((bot) => !isTool(bot)).map(([text]) => text))
const tools = anyOf([...bots].filter(isTool).map(([text]) => text))
/** Both: people, who are most, are let through in one pass. */
const known = anyOf([...bots.keys()])

/** The bots by what their agents contain, in lower case. */
function botsOf(rows: readonly BotRow[]): Map<string, KnownBot> {
  const found = new Map<string, KnownBot>()
  for (const [purpose, operator, tokens] of rows) {
    for (const token of tokens.split(', ')) {
      const [text, shown] = token.split(' = ') as [string, string?]
      found.set(text.toLowerCase(), { name: shown ?? text.replace(/[/ ]+$/, ''), operator, purpose })
    }
  }
  return found
}

/** Longer ones first, so that Googlebot-Image is not taken for Googlebot. */
function anyOf(texts: readonly string[]): RegExp {
  const escaped = [...texts]
    .sort((a, b) => b.length - a.length)
    .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`(?<![a-z])(?:${escaped.join('|')})`, 'i')
}

/** Who runs a bot of this name, and what for. */
export function botByName(name: string): KnownBot | null {
  for (const bot of [...bots.values(), ...plain.values()]) if (bot.name === name) return bot
  return null
}

/**
 * Whether an agent declares a machine: a bot of our table, a library, or what isbot takes for one. The model of a
 * phone declares nothing, whatever it is called.
 */
export function readBot(agent: string): BotVerdict {
  if (plainBrowser.test(agent) || ownRequest.test(agent)) return person
  const text = withoutModels(withSpaces(agent))
  const found = known.test(text) ? (named.exec(text) ?? tools.exec(text)) : null
  const bot = found && bots.get(found[0].toLowerCase())
  if (bot) return { is_bot: true, bot_name: bot.name, bot_purpose: bot.purpose }
  const suspect = isbotMatch(text) && !isApp(text) ? isbotMatch(withoutWords(text)) : null
  const match = suspect ?? machine.exec(text)?.[0] ?? withoutEngine.exec(text)?.[1] ?? null
  if (match === null) return person
  const name = nameIn(text, match)
  return { is_bot: true, bot_name: name, bot_purpose: plain.get(name.toLowerCase())?.purpose ?? 'other' }
}

/** Where a browser runs, as it says in its comment. */
const systems = [
  String.raw`Windows NT [\d.]+(?:; (?:Win64|x64|WOW64|rv:[\d.]+))*`,
  String.raw`Macintosh; Intel Mac OS X [\d_.]+(?:; rv:[\d.]+)?`,
  String.raw`X11; (?:Ubuntu; )?(?:Linux|CrOS) [\w. ]+(?:; rv:[\d.]+)?`,
  String.raw`(?:iPhone|iPad|iPod(?: touch)?); CPU (?:iPhone )?OS [\d_]+ like Mac OS X`,
  String.raw`Linux; (?:U; |arm(?:_64)?; )?Android [\d.]+;(?: [a-z]{2}(?:[-_][A-Za-z]{2})?;)? (?![^;)]*(?:compatible|http|generator))[^;()]+(?:; wv)?`,
  String.raw`Android [\d.]+; (?:Mobile|Tablet); rv:[\d.]+`
]
const products =
  String.raw`Version|Chrome|Mobile|Safari|Edg|EdgA|EdgiOS|OPR|CriOS|FxiOS|GSA|Firefox|Vivaldi|Silk|Iron|Quark|Yowser|SA|` +
  String.raw`XiaoMi/MiuiBrowser|U[\d.]+|(?!\w*[bB]ot)[A-Z]\w{0,11}Browser|\(lite\)|YaApp_Android|YaSearchApp|BroPP|webOmni`
/** Icons of pages that DuckDuckGo's browsers fetch for who opened the page. */
const ownRequest = /^ddg_(?:android|ios|mac|win)(?:\/|$)/
/** Most agents: a browser with nothing in it but itself, its engine, its system and a model. */
const plainBrowser = new RegExp(
  String.raw`^Mozilla/5\.0 \((?:${systems.join('|')})\) ` +
    String.raw`(?:AppleWebKit/[\d.]+ \(KHTML, like Gecko\)|Gecko/[\d.]+)(?: (?:${products})(?:/[\dA-F.]+)?(?:/apad)?)*$`
)

function withoutModels(agent: string): string {
  const place = modelPlace(agent)
  const text = place === null ? withoutBuild(agent) : agent.slice(0, place.start) + withoutModel(agent, place)
  // A space: to isbot a long agent of one word is a bot.
  return text.replace(otherModels, '$1 ')
}

/** What stands behind the model. Apps write it once more at the start of a comment of their own. */
function withoutModel(agent: string, { start, end, stop }: ModelPlace): string {
  return agent.slice(stop).replaceAll(`(${agent.slice(start, end)};`, '(')
}

/** A model where no version of Android stands before it. */
function withoutBuild(agent: string): string {
  return agent.includes(' Build/') ? agent.replace(/(?<![\w-])[\w-]+ Build\//, '') : agent
}

/** Models elsewhere: on Windows Phone, and in the lists that apps of Facebook write. */
const otherModels = /(IEMobile\/[\d.]+; )[^()]+|\bFB(?:MF|BD|DV|CR|DM)\/[^;\]]*/g

/** Leaves out what isbot takes for a bot and is none; a browser named whole, from its engine on, may bear more words. */
function withoutWords(text: string): string {
  const bare = (inApp.test(text) ? text.replace(appTokens, ' ') : text).replace(misleading, ' ')
  return wholeBrowser.test(text) && !operated.test(text) ? bare.replace(misleadingInBrowsers, ' ') : bare
}

/** A web view inside an app, which writes its own name behind the browser's: `DocScan/2.1`. */
const inApp = /; wv(?:-\w+)?[;)]|\((?:iPhone|iPad|iPod)(?!.* Safari\/).* Mobile\//
const appTokens = /(?<=[ ;])(?!\w*(?:bot|crawler|spider)\b)[\w.-]+\/v?\d[\w.]*/gi

const wholeBrowser =
  /\(KHTML, like Gecko[^)]*\).*\b(?:Safari|Mobile|Chrome|Version|Dolfin)\b|Gecko\/\d+ .*Firefox\/\d|MSIE \d.*Windows|Trident\/.*rv:|Presto\/\d/

/** An app names the phone or television it runs on. isbot takes many for bots by their form: a name, a version, an address. */
function isApp(text: string): boolean {
  return appPlatform.test(text) && !toolWords.test(text)
}

const appPlatform =
  /^(?!Dalvik|DuckDuckGo|DDG-|swcd|SWCD|.*Mozilla).*(?:\bCFNetwork\/\S+ Darwin|\b(?:iPhone|iPad|iPod|iPh\d)|\b(?:iOS|iPadOS|watchOS|tvOS|Android|MAUI)\b|\bWatch OS\b|\bApple ?Watch|\bAFT[A-Z]+\d*\b|\bWAP[- ]Browser\b)/

const toolWords =
  /bot|crawl|spider|scrap|extract|fetch|scan|check|monitor|http[- ]?client|okhttp|java|python|curl|perl|ruby|php|down-?load|feed|rss|url|link|preview|proxy|agent|reader|validat|compatible;|search|alamofire|gzip/i

/** More than isbot knows: tools that make pictures of pages, code sent as an agent, a name with nothing around it. */
const machine =
  /screens?hot|webscreenie|unshorten|examiner| preload\b|thumbnail|webthumb|websnapr|uptime|email extractor|link-?resolver|reaver|\bseo[a-z]+\/| at \w+ dot \w|^\[object |<\?|^Mozilla\/\d\.\d \(compatible; (?![^)]*(?:MSIE|ms-office|Konqueror|OmniWeb|iCab|Opera|Netscape|Galeon|Gecko|Windows Phone|RISC OS|Amiga|AOL|NetPositive|Elaine|PalmOS|BlackBerry))[^)]*\)$/i

/** A program on a computer that says Mozilla and names no engine. */
const withoutEngine =
  /^Mozilla\/5\.0 \((?:Macintosh|Windows|X11)[^()]*\) (?!(?:Gecko|AppleWebKit|Presto|Goanna|Servo|KHTML|Firefox|Opera)\b)([\w+]+)(?:\/[\d.]+)?$/

/** A bot's own remark on itself. */
const operated = /compatible;(?! MSIE)/i

/** Televisions, apps of Google, Sogou and Tencent, toolkits of old phones, sizes of screens. */
const misleading =
  /\b(?:CE-HTML\b|HbbTV\b|\w*GoogleTV)[\w./]*|\b\d{3,5}x\d{3,5}\b|\bGoogle (?:Nexus|Pixel|WAP Proxy|Earth|TV)[\w ]*|(?:\bGmmClient:\w+\/)?\bcom\.google\.[\w.]+|\bGooglePlay\b|\(?via translate\.google\.com\)?|\bgzip\(gfe\)|\bWii Internet Channel\b|\bJava(?:Platform|_runtime_version)\b|\bICAPoHTTPS\b|\bSogou(?:MSE|Mobile|Search|Android|Explorer)[\w,./]*|\bProcess\/\w+|\bOMI\/[\w.]+|\bQQDownload [\d.]+|\bchromeframe\b|\bgoogleweblight\b|\bAndroidDownloadManager\b|\bWhatsApp\/[\d.]+ (?=Android\/|iPhone)/gi

/**
 * In a whole browser: the version of a system in its comment, an address that is labelled as that of a page, signs
 * between remarks of an extension, names of values, addresses that its owner had Internet Explorer write, words of
 * apps.
 */
const misleadingInBrowsers =
  /(?<=[\w-])\/1\.0(?=;)|\b(?:initiator|referr?er|origin|page|location|tab|document|href|ur[il]|source|request)\w*[:=] ?https?:\S*|\||\(\)|\[air\.[^\]]*\]|\b\w*news(?!bot|crawl|spider|fetch)\w*\/[\d.]+|\bGoogle(?:Hypersonic|Maps|Now|App)\b|\b\w*sd_sogou\w*|\bJava\/[A-Z]\w*|\bxmlhttprequest\b|\bHTML5 Parser\b|\bProxyless\b|\bhttps?:\/\/bsalsa\.com\/|\(HTTPS?\)|\bGWX:\w+|\bFirePHP\b|(?<![\w.])[\w.]+ Toolbar\b|["\\]+\w+["\\]+(?=:)|^(?!\w*(?:bot|crawl|spider))[\w.-]+\/(?=Mozilla\/\d)|(?<=[(;])[^;()+]*\b(?:https?:\/\/|www\.|\w+\.com\b)[^;()]*(?=;[^()]* rv:11\.0\) like Gecko)|\bAlphaServer\b/gi

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
