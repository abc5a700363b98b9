import type { Signed } from '#lib/accept/signed.ts'
import type { AcceptedHit } from '#lib/schema/hit.ts'
import type { CrawlerLists } from './crawler-lists.ts'
import { signers, type Signer } from './signers.ts'

/** What a signature may be over. */
type Request = Pick<AcceptedHit, 'time' | 'host' | 'method' | 'path'>

/** The agent that signed a request, or null if no signature of a known one holds. Never throws. */
export type SignerOf = (signed: Signed, request: Request) => Promise<Signer | null>

/** Seconds that clocks may differ. */
const skew = 60

/** Checks signatures by the keys of these lists: Web Bot Auth, with Ed25519. */
export function openSigners(lists: CrawlerLists): SignerOf {
  const text = new TextEncoder()
  const opened = new Map<string, ReturnType<typeof openKeys>>()
  const keysOf = (list: string) => {
    const keys = opened.get(list) ?? openKeys((lists[list]?.entries ?? '').split(' ').filter(Boolean))
    opened.set(list, keys)
    return keys
  }
  return async (signed, request) => {
    try {
      const agents = readAgents(signed.agent)
      for (const found of readInput(signed.input)) {
        const base = baseOf(found, signed.agent, agents, request)
        const signer = signers.find(({ agent }) => agent === base?.agent)
        const signature = signatureOf(signed.signature, found.label)
        if (!base || !signer || !signature || !isTimely(found, request.time / 1000)) continue
        const key = (await keysOf(signer.list)).get(found.parameters.keyid ?? '')
        if (key && (await crypto.subtle.verify('Ed25519', key, signature, text.encode(base.text))))
          return signer
      }
    } catch {
      // What cannot be read proves nothing.
    }
    return null
  }
}

/** The keys by their thumbprints (RFC 7638). */
async function openKeys(entries: readonly string[]): Promise<Map<string, CryptoKey>> {
  const keys = new Map<string, CryptoKey>()
  for (const x of entries) {
    const jwk = { crv: 'Ed25519', kty: 'OKP', x }
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(jwk)))
    const print = toBase64(new Uint8Array(digest))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replace(/=+$/, '')
    keys.set(print, await crypto.subtle.importKey('jwk', jwk, 'Ed25519', false, ['verify']))
  }
  return keys
}

/** A member of the header Signature-Input. */
interface Input {
  readonly label: string
  /** The components and parameters as they stand there. */
  readonly text: string
  /** Each component with the key of its member, if it has one. */
  readonly components: readonly { name: string; key: string | undefined }[]
  readonly parameters: Readonly<Record<string, string>>
}

const name = '[a-z*][a-z\\d_.*-]*'
const quoted = '"[ !#-\\[\\]-~]*"'
const component = `"[a-z@][a-z\\d_-]*"(?:;key=${quoted})?`
const parameter = `;(?:${name})=(?:${quoted}|\\d{1,15})`
const inputs = `(${name})=(\\((${component}(?: ${component})*)\\)((?:${parameter})*))`
const wholeInput = new RegExp(`^${inputs}(?:, ?${inputs}){0,3}$`)
const eachInput = new RegExp(inputs, 'g')
const eachComponent = new RegExp(`"([^"]*)"(?:;key=(${quoted}))?`, 'g')
const eachParameter = new RegExp(`;(${name})=(?:"([^"]*)"|(\\d+))`, 'g')

/** Its members; none if it is written in another way than signers write it. */
function readInput(header: string): Input[] {
  if (!wholeInput.test(header)) return []
  return Array.from(header.matchAll(eachInput), ([, label, text, components, parameters]) => ({
    label: label!,
    text: text!,
    components: Array.from(components!.matchAll(eachComponent), ([, name, key]) => ({
      name: name!,
      key: key?.slice(1, -1)
    })),
    parameters: Object.fromEntries(
      Array.from(parameters!.matchAll(eachParameter), ([, name, text, number]) => [name!, text ?? number!])
    )
  }))
}

/** `"https://chatgpt.com"`, under no key, or `g="https://agent.bot.goog"`. */
function readAgents(header: string): Map<string | undefined, string> {
  const bare = /^"([^"\\]*)"$/.exec(header)
  if (bare) return new Map([[undefined, bare[1]!]])
  const members = header.split(/, */).map((member) => new RegExp(`^(${name})="([^"\\\\]*)"$`).exec(member))
  return new Map(members.flatMap((member) => (member ? [[member[1]!, member[2]!] as const] : [])))
}

/** What was signed (RFC 9421, section 2.5), and the agent that it names. Null if it leaves out host or agent. */
function baseOf(
  { components, text }: Input,
  header: string,
  agents: Map<string | undefined, string>,
  { host, method, path }: Request
): { text: string; agent: string } | null {
  let named: string | undefined
  const lines: string[] = []
  for (const { name, key } of components) {
    const values: Record<string, string | null | undefined> = {
      '@authority': host,
      '@method': method,
      // The log has paths decoded.
      '@path': path && /[^!-~]/.test(path) ? encodeURI(path) : path,
      'signature-agent': key === undefined ? header : `"${agents.get(key)}"`
    }
    const value = values[name]
    if (!value || (key !== undefined && name !== 'signature-agent')) return null
    if (name === 'signature-agent')
      named = key === undefined && agents.size === 1 ? [...agents.values()][0] : agents.get(key)
    lines.push(`"${name}"${key === undefined ? '' : `;key="${key}"`}: ${value}`)
  }
  const isWhole = named !== undefined && components.some(({ name }) => name === '@authority')
  if (!isWhole || new Set(lines).size < lines.length) return null
  return { text: [...lines, `"@signature-params": ${text}`].join('\n'), agent: named! }
}

function isTimely({ parameters }: Input, time: number): boolean {
  const { tag, alg = 'ed25519', created, expires } = parameters
  if (tag !== 'web-bot-auth' || alg !== 'ed25519') return false
  const [from, to] = [Number(created), Number(expires)]
  return from < to && time >= from - skew && time <= to + skew
}

/** The signature under a label of the header Signature: `sig1=:…:`. */
function signatureOf(header: string, label: string): Uint8Array<ArrayBuffer> | null {
  const members = header.split(/, */).map((member) => /^([^=]+)=:([A-Za-z\d+/]+={0,2}):$/.exec(member))
  const found = members.find((member) => member?.[1] === label)?.[2]
  return found === undefined ? null : Uint8Array.from(atob(found), (byte) => byte.charCodeAt(0))
}

const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes))
