import { entry, has, nothing, seen } from './agent-scan.ts'
import { devices } from './system-tokens.ts'

const linux = entry('Linux')
const safari = entry('Safari')
const mobile = entry('Mobile')
const mobi = entry('Mobi')
const tablet = entry('Tablet')
const pc = entry('PC')

const desktopSystems = new Set(
  'Windows macOS ChromeOS FreeBSD OpenBSD NetBSD DragonFly Solaris Ubuntu Fedora Debian Mint Gentoo SUSE CentOS Arch'
    .split(' ')
    .concat('Red Hat', 'Mandriva', 'Linux', 'AIX', 'HP-UX', 'IRIX', 'OS/2', 'BeOS', 'Amiga', 'Haiku')
)
const televisionSystems = new Set(['Tizen', 'webOS', 'VIDAA', 'TiVo OS', 'Roku'])

const featurePhones =
  /MIDP|CLDC|^(?:Nokia|SonyEricsson|SAMSUNG-|SEC-|SIE-|MOT-|LG[-/E]|ZTE|Alcatel|BlackBerry|DoCoMo|KDDI|SoftBank|Vodafone|J-PHONE|WILLCOM|HTC|Huawei|Panasonic-|Sagem|Sharp)|Opera Mobi|Windows CE|Smartphone|Symb(?:ian|OS)/i

/** How makers name what is no phone and runs Android: by series, by the inches of a screen, by a word. */
const fireDevices = /^(?:AFT[A-Z\d]|KF[A-Z\d]{3,}$|AEO[A-Z]{2})/
const watches = /^(?:SAMSUNG )?SM-[RL]\d{3}|[Ww]atch(?![a-z])/
const cars = /DiLink|\bBYD\b|^8227L|Rivian|Polestar|AirTouch|^AIVI|^SDA-\d|\bCar(?:Play)?\b/
const handhelds = /Retroid|^RG ?\d{3}|^RGCUBE|ANBERNIC|AYN |AYANEO|^Switch$|^SHIELD$|GAMEPAD/
const computers =
  /(?:Chrome|Pixel)book|Laptop|^(?:NUC\d|Latitude|SATELLITE|ThinkPad|Inspiron)|^VirtualBox|^VMware/

const inches = '(?:19|22|24|28|32|39|40|42|43|48|49|50|55|58|60|65|70|75|77|82|85|86|98)'

const televisions = anyOf([
  '^AFT[A-Z\\d]',
  'Android ?TV|Google ?TV|Smart(?:er)?[ _]?TV|BRAVIA|Chromecast|Nexus Player|SHIELD(?: Android|_PRO)|ADT-\\d|AQUOS-TV',
  '(?:^|[ _a-z])TV(?=$|[ _\\d-])|^(?!BTV)[A-Z]{1,5}TV[-_]|(?:^|_)[A-Z]{2,5}TV\\d\\d|\\dKTV|smartTV|^(?!BTV)[A-Z]{2,}TV$|TV[ _]?BOX|^Mi(?:TV|BOX)|^MIBOX',
  '[OQ]?LED[-_ ]?\\d\\d|\\d\\dLED|[OQ]LED|[-_\\d]U?HD[A-Z]?\\d|\\d\\dY?UHD',
  `(?:^|[-_ ])${inches}[A-Z]{1,5}[-_]?\\d|^(?!MS\\d)[A-Z]{1,6}${inches}[A-Z]{2,5}\\d|^[A-Z]\\d\\d[EFUGHQ]\\d{4}`,
  `^[A-Z]{2}${inches}[FUH][A-Z]`,
  '[ _][Ss]hell[ _]|T2S?CS?M|\\d[MTW]S[YA]\\w?(?:-|$)',
  '(?:^|[ _\\-a-zA-Z])(?:[Bb]ox|BOX)(?=$|[ _\\dRT-])|\\b(?:[Ss]tick|STICK|[Dd]ongle)\\b',
  '[Ss]et-?[Tt]op|\\bSTB|IPTV|\\bOTT\\b|Streaming|[Mm]edia ?[Pp]layer|\\bDVB',
  '[Aa]mlogic|^(?:YNDX-000[789]|YNDX-001|DV[89]\\d{3})',
  '^(?:H96|A95X|MXQ|HK1|X88|X96(?!Pro$)|T9[56](?!\\d)|Q96|M8S|TX\\d(?!\\d| Pro$)|TOX\\d|NEO-[XU]\\d|MK[89]0|KM\\d\\b|GT-?King)',
  '^(?:UGOOS|ZIDOO|MINIX|Formuler|VONTAR|pendoo|MECOOL|Beelink|Rombica|iconBIT [A-LN-Z]|OPENBOX|VINABOX|YUNDOO|NEXBOX|Dune|Tanix|TranSpeed|VORKE|NEXON|Magicsee|EVPAD|MyGica|Tronsmart|KIVI|KANT-)',
  '(?:\\b|_)[248]K(?:\\b(?!$)|_)'
])

const tablets = anyOf([
  '(?:[Tt]ab|TAB|(?<![Cc]ool|COOL)(?:[Pp]ad|PAD))(?![a-z]|Fone|M00|T00|UA)|[Tt]ablet|TABLET',
  '^(?:SAMSUNG )?(?:SM-[TXP]\\d|GT-P\\d|GT-N[58]|SGH-T849|SCH-I800|SHW-M[34]80)',
  '^KF[A-Z\\d]{3,}$|^Nexus (?:7|9|10)\\b|^Pixel C\\b|Xoom|Transformer|^TF\\d{3}|Iconia|^LG-V\\d{3}',
  '\\bTB\\d?-|\\bTB\\d{3}|\\bYT\\d?-|^Lenovo (?:TB|YT|TAB|Tab|[ABPS]\\d{4}-[FHLVX])|^[AS]\\d{4,5}-[FHLV]$',
  '^(?:OPD|RMP|DPD|PA)2\\d{3}$|^RMP\\d|^OPD\\d|^2\\d{2}[\\dA-C]{1,2}\\d?RP|^M2105K81|^21051182',
  '^(?:HUAWEI )?(?:AG[RS]|BAH|BG[2O]|BT[KV]|BZ[ADKTW]|CMR|CPN|DB[RY]|FDR|GOT|HDN|HEY|JDN|JMS|KJR|KOB|KRJ|MON|MR[ORX]|PCE|PLE|ROD|SCMR?|SHT|TGR|VRD|WGR|WEB|XYAO|GDI|NDL|ELN)\\d?K?-|^[A-Z]{3}\\d?K?-W\\d\\d',
  '^(?:80[89]\\d|81[6-9]\\d|90(?:1[3-9]|[2-9]\\d)|9[1-9]\\d\\d)[A-Z]{0,2}\\d?(?:_|$)',
  '\\bP?MID[-_]?[A-Z]?\\d|^PM[TP]\\d|^BQ(?:ru)?[-_ ][178]\\d{3}|^Nomi[_ ]C(?:07|08|1)|^T[ZW]\\d{2,3}',
  '\\b[PTCSW]S(?:[178]\\d|9)\\d{2,3}[MPR][GLW]|\\b(?:Optima|Plane|Kids)[ _]\\d',
  '^(?:iPlay|Readboy|Walpad|iRULU|VisionBook (?:[789]|1\\d)|iBall|Numy|ALFA_|DROIDZ|MOMO\\d)',
  '^(?:P\\d\\d(?:[TSXH]|HD)|T\\d\\d(?:HD|Pro|S|P|Ultra|Mini|Max|E)|M\\d\\d(?:_Plus|HD|Pro|_Pro))|^(?!Lenovo).*_ROW$',
  '^1000\\d{5}$|^Nokia T\\d|^K0(?:0[A-Z\\d]|1[A-Z\\d])$|^P0[0-2][A-Z\\d]$|^[AB][13]-[A-Z]?\\d\\d|^RT\\d\\b',
  '10\\.[145]"?|[78]\\.0\\b|\\b(?:7|8|9|10|11|12)[ -]?inch'
])

/** In apps, which write a model anywhere. */
const namedTablets = /\b(?:SM-[TXP]\d|GT-[PN][58]\d|Nexus (?:7|9|10)\b|TB-\w)|(?:Tab|Pad|TAB|PAD|[Tt]ablet)\b/

/** Series of phones: an app for tablets, or a browser in desktop mode, says otherwise. */
const phones =
  /^(?:SAMSUNG )?SM-(?:[AEFGJMS]\d|N9\d|W20\d)|^(?:Redmi|POCO|Pixel \d|Infinix|moto |SCG\d|RMX\d|CPH\d|V2\d{3}A|M\d{4}[A-Z]\d)/

function anyOf(sources: readonly string[]): RegExp {
  return new RegExp(sources.join('|'))
}

/** The system that a model stands for, where it is not plain Android. */
export function systemOfModel(model: string): string | null {
  if (model === '' || model.length > 60) return null
  if (fireDevices.test(model)) return 'Fire OS'
  return watches.test(model) ? 'Wear OS' : null
}

/** The kind of device. `model` is what an Android device calls itself, or ''. */
export function deviceOf(os: string | null, agent: string, model: string): string | null {
  if (seen.device !== nothing) {
    const device = devices[seen.device.device]![0]
    if (device !== 'tablet' || (os !== 'Windows' && !televisions.test(model))) return device
    if (os !== 'Windows') return 'tv'
  }
  if (os === 'Android' || os === 'Fire OS' || os === 'Wear OS') return androidDevice(agent, model)
  if (os === 'Vega OS') return agent.includes('; AFT') ? 'tv' : 'other'
  if (os === 'HarmonyOS') return harmonyDevice(agent, model)
  if (os === 'iPadOS') return 'tablet'
  if (os !== null && desktopSystems.has(os)) return isPocket(agent) ? 'phone' : 'desktop'
  if (os !== null && televisionSystems.has(os)) return has(mobile) ? 'phone' : 'tv'
  if (has(tablet)) return 'tablet'
  if (os !== null || has(mobile) || featurePhones.test(agent)) return 'phone'
  return seen.browser === nothing ? null : 'desktop'
}

/** A browser on Android says Mobile on phones alone, most say; an app says nothing, and most run on phones. */
function androidDevice(agent: string, model: string): string {
  const known = model === '' ? null : deviceOfModel(model)
  if (known !== null) return known
  if (agent.includes('/apad') || (model === '' && namedTablets.test(agent))) return 'tablet'
  if (has(mobile) || has(mobi)) return 'phone'
  return has(tablet) || has(safari) ? 'tablet' : 'phone'
}

const knownModels = new Map<string, string | null>()

/** The device that a model stands for, or null; remembered, as few models make most of the traffic. */
function deviceOfModel(model: string): string | null {
  let device = knownModels.get(model)
  if (device === undefined) {
    if (knownModels.size >= 5_000) knownModels.clear()
    knownModels.set(model, (device = readModel(model)))
  }
  return device
}

function readModel(model: string): string | null {
  if (televisions.test(model)) return 'tv'
  if (tablets.test(model)) return 'tablet'
  if (watches.test(model) || cars.test(model) || fireDevices.test(model)) return 'other'
  if (handhelds.test(model)) return 'console'
  if (computers.test(model)) return 'desktop'
  return phones.test(model) ? 'phone' : null
}

function harmonyDevice(agent: string, model: string): string {
  if (has(pc) || /\b2in1\b/.test(agent)) return 'desktop'
  return has(tablet) || tablets.test(model) ? 'tablet' : 'phone'
}

function isPocket(agent: string): boolean {
  return (has(mobile) || has(mobi)) && (has(linux) || featurePhones.test(agent))
}
