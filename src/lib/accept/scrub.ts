const redacted = 'REDACTED'

/** A name holds a secret when one of its parts is such a word: `csrf_token`, `X-Amz-Signature`, `user[email]`. */
const secretParts = new Set(
  (
    'token secret password passwd passphrase pwd auth authorization session sessionid phpsessid jsessionid ' +
    'sid jwt sig signature email mail phone apikey accesstoken refreshtoken cookie cookies sess csrf xsrf ' +
    'credential credentials passcode otp cvv ssn iban creditcard'
  ).split(' ')
)

/** Words too common elsewhere (`country_code`, `sort_key`): secret only as the whole name of a parameter. */
const secretParameters = new Set(
  'key code tel otp pin api_key api-key access_key private_key secretkey'.split(' ')
)

// Two looks over the text decide whether the careful pass is worth it: most lines stop at the first, which reads
// each character once, and most queries at the second.
const telling = /[=@]|%(?:25){0,4}(?:40|3[Dd])|eyJ/
const suspicious =
  /token|key|secret|pass|pwd|auth|code|sess|sid|jwt|sig|mail|phone|tel|otp|pin|cookie|logged_in|[cx]srf|credential|cvv|ssn|iban|card|%/i

/**
 * Secret in two words, whatever stands around them or between: `x-api-key`, `clientSecret`, and the cookies of WordPress
 * and ASP.
 */
const secretPairs =
  /wordpress(?:loggedin|sec)|aspsessionid|(?:api|access|private|secret|signing)key|(?:client|shared)secret|(?:access|refresh|id|auth)token/

/** Whether values under this name are never kept. */
export function isSecret(name: string): boolean {
  const lower = name.toLowerCase()
  for (const part of lower.split(/[^a-z0-9]+/)) if (secretParts.has(part)) return true
  const word = lower.replace(/[^a-z0-9]+/g, '')
  return secretParts.has(word) || secretPairs.test(word)
}

/** Takes secrets and personal data out of an address, a query string or free text; names stay. */
export function scrub(text: string): string {
  if (!telling.test(text)) return text
  const isSuspicious = suspicious.test(text)
  let clean = isSuspicious && text.includes('=') ? scrubPairs(text) : text
  if (isSuspicious && encodedEquals.test(clean)) clean = scrubEncoded(clean)
  if (clean.includes('eyJ')) clean = scrubJwts(clean)
  if (clean.includes('@') || /%(?:25)*40/.test(clean)) clean = scrubMails(scrubCredentials(clean))
  return clean
}

const deepest = 8

/** A value of any kind under a name, with secrets out: by their names at every depth, and in JSON inside a text. */
export function scrubValue(name: string, value: unknown, depth = 0): unknown {
  if (isSecret(name) || depth > deepest) return redacted
  if (typeof value === 'string') return scrubText(value, depth)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => scrubValue('', item, depth + 1))
  const named = nameIn(value as Record<string, unknown>)
  const secret = named !== null && isSecret(named)
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      secret && valueKey.test(key) ? redacted : scrubValue(key, inner, depth + 1)
    ])
  )
}

const valueKey = /^values?$|Value$/i

/** The name in an element of a list of names and values: `{"name":"X-Api-Key","value":"1f2e"}`. */
function nameIn(value: Record<string, unknown>): string | null {
  const name = value.name ?? value.key ?? value.Name ?? value.Key ?? value.header
  return typeof name === 'string' && name.length <= 80 ? name : null
}

/** Free text with secrets out, as a server's message: in pairs, in JSON, in headers. */
export function scrubText(text: string, depth = 0): string {
  const inner = /^\s*[{[]/.test(text) ? tryJson(text) : undefined
  if (inner !== undefined) return JSON.stringify(scrubValue('', inner, depth + 1))
  // Text that looks like JSON and is none may be a part of it.
  return text.includes('":') ? scrubRaw(text) : scrubHeaders(scrub(text))
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Headers of several words, up to the next header, the end of the line, or the quote around them. */
const wideHeader = /\b((?:set-)?cookie|(?:proxy-)?authorization)(: ?)(?:(?! [a-z][\w-]{0,63}: )[^\r\n"'])+/gi

/** A name and a word behind a colon: `X-Api-Key: 1f2e`. */
const shortHeader = /\b([a-z][\w-]{2,63})(: ?)[^\s"',;]+/gi

/** The values of secret headers, and the credentials of an `Authorization` header, whatever its name. */
function scrubHeaders(text: string): string {
  if (!text.includes(':')) return scrubSchemes(text)
  const clean = text
    .replace(wideHeader, `$1$2${redacted}`)
    .replace(shortHeader, (whole, name: string, colon: string) =>
      isSecret(name) ? `${name}${colon}${redacted}` : whole
    )
  return scrubSchemes(clean)
}

/** Words of a sentence may follow `token`: a credential has a digit. */
function scrubSchemes(text: string): string {
  return text.replace(
    /\b(Bearer|Basic|Digest|Negotiate|(?:Token|ApiKey|OAuth)(?= [a-z.~+/=_-]{0,64}\d)) [\w.~+/=-]{6,}/gi,
    `$1 ${redacted}`
  )
}

/** A member of JSON that is a part of a text, with the text before and behind its value. */
const member = /"([^"\\]{1,64})"(\s*:\s*)(?:"(?:[^"\\]|\\[^])*("|$)|-?\d[\d.e+-]*)/gi
/** The same in a text that is a string of JSON itself. */
const escapedMember = /\\"([^"\\]{1,64})\\"(\s*:\s*)\\"[^"\\]*(?:\\"|$)/g

/** As `scrub`, and for a refused record whatever it was: JSON members and `Authorization` values as well. */
export function scrubRaw(text: string): string {
  const clean = scrub(text)
    .replace(member, (whole, name: string, colon: string) =>
      isSecret(name) ? `"${name}"${colon}"${redacted}"` : whole
    )
    .replace(escapedMember, (whole, name: string, colon: string) =>
      isSecret(name) ? `\\"${name}\\"${colon}\\"${redacted}\\"` : whole
    )
  return scrubHeaders(clean)
}

const pair = /(^|[?&;#\s"'])([^=?&;\s"'#]{1,80})=([^&;#\s"'<>]+)/g
/** The same in a text with spaces, where a value may be a credential behind its scheme: `Authorization=Bearer 1f2e`. */
const widePair =
  /(^|[?&;#\s"'])([^=?&;\s"'#]{1,80})=((?:(?:bearer|basic|digest|negotiate|token|apikey|oauth) (?![\w.-]+=[^=\s]))?[^&;#\s"'<>]+)/gi
const quotedPair = /([^=?&;\s"'#]{1,80})=(["'])[^"'\r\n]+/g

function scrubPairs(text: string): string {
  const clean = text.replace(text.includes(' ') ? widePair : pair, (whole, before: string, name: string) =>
    isSecretParameter(name) ? `${before}${name}=${redacted}` : whole
  )
  if (!/=["']/.test(clean)) return clean
  return clean.replace(quotedPair, (whole, name: string, quote: string) =>
    isSecretParameter(name) ? `${name}=${quote}${redacted}` : whole
  )
}

const encodedEquals = /%(?:25)*3[Dd]/
const encodedName =
  /(?:^|[^\w.%-]|%(?:25){0,4}[0-9a-f]{2})((?:[\w.-]|%(?:25){0,4}(?:5[bd]|2[de])){1,80}?)%((?:25){0,4})3d/gi

/** Pairs in an address that is a value itself, encoded once for each address around it: `next=https%3A//a%3Ftoken%3D1f2e`. */
function scrubEncoded(text: string): string {
  let clean = ''
  let from = 0
  encodedName.lastIndex = 0
  for (let found = encodedName.exec(text); found !== null; found = encodedName.exec(text)) {
    const [name, level] = [found[1]!, found[2]!]
    const start = encodedName.lastIndex
    // A value may end the name of the next: its separator is looked at again.
    encodedName.lastIndex = start - 3 - level.length
    if (!isSecretParameter(name.replace(/%(?:25)+/g, '%'))) continue
    const end = endOfEncoded(text, start, level.length / 2)
    clean += text.slice(from, start) + redacted
    from = end
    encodedName.lastIndex = end
  }
  return clean + text.slice(from)
}

/** Where a value ends that was encoded `level` + 1 times: at a separator that was encoded as often or less. */
function endOfEncoded(text: string, start: number, level: number): number {
  const end = new RegExp(`[&;#\\s"'<>]|%(?:25){0,${level}}(?:26|23)`, 'gi')
  end.lastIndex = start
  return end.exec(text)?.index ?? text.length
}

function isSecretParameter(name: string): boolean {
  return isSecret(unescape(name)) || secretParameters.has(name.toLowerCase())
}

function unescape(name: string): string {
  if (!name.includes('%')) return name
  return name.replace(/%([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
}

/** Three base64url runs joined by dots, the first opening with `{"`. */
function scrubJwts(text: string): string {
  let clean = ''
  let from = 0
  for (let at = text.indexOf('eyJ'); at >= 0; at = text.indexOf('eyJ', from)) {
    const head = endOfRun(text, at)
    const body = text[head] === '.' ? endOfRun(text, head + 1) : head
    const found = head - at >= 8 && body - head > 8
    const end = found && text[body] === '.' ? endOfRun(text, body + 1) : body
    clean += text.slice(from, at) + (found ? redacted : text.slice(at, end))
    from = end
  }
  return clean + text.slice(from)
}

function endOfRun(text: string, start: number): number {
  let end = start
  while (isWord(text.charCodeAt(end)) || text[end] === '-') end++
  return end
}

/** `https://user:password@host`. */
function scrubCredentials(text: string): string {
  return text.replace(/(:\/\/)[^/@\s?#]{1,256}@/g, `$1${redacted}@`)
}

/** `icon@2x.png` and `jquery@3.6.0/dist.js` are files, not people. */
const fileEnding =
  /\.(?:js|mjs|cjs|ts|css|map|json|png|jpe?g|gif|svg|webp|avif|ico|woff2?|html?|xml|txt|md|zip|gz)$/i

function scrubMails(text: string): string {
  let clean = ''
  let from = 0
  for (const at of text.matchAll(/@|%(?:25){0,4}40/g)) {
    const start = startOfLocal(text, at.index, from)
    const end = endOfDomain(text, at.index + at[0].length)
    const domain = text.slice(at.index + at[0].length, end)
    const isCredentials = text.startsWith('://', start - 3)
    if (start === at.index || at.index < from || isCredentials) continue
    if (!/^[^.].*\.[a-z]{2,24}$/i.test(domain) || fileEnding.test(domain)) continue
    clean += text.slice(from, start) + redacted
    from = end
  }
  return clean + text.slice(from)
}

function startOfLocal(text: string, at: number, floor: number): number {
  let start = at
  while (start > floor && at - start < 64 && isLocal(text.charCodeAt(start - 1))) start--
  return start
}

function endOfDomain(text: string, start: number): number {
  let end = start
  while (end - start < 128 && isDomain(text.charCodeAt(end))) end++
  while (end > start && text[end - 1] === '.') end--
  return end
}

function isWord(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || isLower(code)
}

function isLower(code: number): boolean {
  return code >= 0x61 && code <= 0x7a
}

/** Word characters and `. + - %`; letters beyond ASCII count too. */
function isLocal(code: number): boolean {
  return isWord(code) || code === 0x2e || code === 0x2b || code === 0x2d || code === 0x25 || code > 0x7f
}

function isDomain(code: number): boolean {
  return (isWord(code) && code !== 0x5f) || code === 0x2e || code === 0x2d
}
