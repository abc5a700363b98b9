/** The keys of a browser's subscription, base64url: a point of P-256, and 16 random bytes. */
export interface PushKeys {
  readonly p256dh: string
  readonly auth: string
}

/** What the sender chooses anew for each message. */
interface Once {
  readonly salt: Uint8Array<ArrayBuffer>
  readonly pair: CryptoKeyPair
}

const curve = { name: 'ECDH', namedCurve: 'P-256' } as const
const utf8 = new TextEncoder()
const bytesOf = (text: string) => utf8.encode(text) as Uint8Array<ArrayBuffer>
const recordSize = 4_096
/** Marks the last record, which is the only one. */
const lastRecord = 2

/** A message that only the browser of the subscription can read. RFC 8291 with `aes128gcm` of RFC 8188. */
export async function encrypt(
  text: string,
  { p256dh, auth }: PushKeys,
  once?: Once
): Promise<Uint8Array<ArrayBuffer>> {
  const { salt, pair } = once ?? (await fresh())
  const theirs = fromBase64(p256dh)
  const ours = new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer)
  const theirKey = await crypto.subtle.importKey('raw', theirs, curve, false, [])
  // Types of Workers call it $public, the platform does not.
  const shared = await crypto.subtle.deriveBits(
    { name: 'ECDH', public: theirKey } as never,
    pair.privateKey,
    256
  )
  const info = joined(bytesOf('WebPush: info\0'), theirs, ours)
  const secret = await derive(new Uint8Array(shared), fromBase64(auth), info, 32)
  const key = await derive(secret, salt, bytesOf('Content-Encoding: aes128gcm\0'), 16)
  const nonce = await derive(secret, salt, bytesOf('Content-Encoding: nonce\0'), 12)
  const cipher = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
  const plain = joined(bytesOf(text), Uint8Array.of(lastRecord))
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, cipher, plain)
  const head = new Uint8Array(5)
  new DataView(head.buffer).setUint32(0, recordSize)
  head[4] = ours.length
  return joined(salt, head, ours, new Uint8Array(sealed))
}

async function fresh(): Promise<Once> {
  const pair = (await crypto.subtle.generateKey(curve, true, ['deriveBits'])) as CryptoKeyPair
  return { salt: crypto.getRandomValues(new Uint8Array(16)), pair }
}

async function derive(
  secret: Uint8Array<ArrayBuffer>,
  salt: Uint8Array<ArrayBuffer>,
  info: Uint8Array<ArrayBuffer>,
  bytes: number
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, key, 8 * bytes)
  )
}

/** Proves to a push service who sends: `Authorization` of RFC 8292, good for 12 hours. `key` is the private one. */
export async function vapid(
  endpoint: string,
  contact: string,
  key: JsonWebKey,
  now: number
): Promise<string> {
  const claims = { aud: new URL(endpoint).origin, exp: Math.floor(now / 1_000) + 43_200, sub: contact }
  const head = { typ: 'JWT', alg: 'ES256' }
  const signed = [head, claims].map((part) => toBase64(bytesOf(JSON.stringify(part)))).join('.')
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const signer = await crypto.subtle.importKey('jwk', key, algorithm, false, ['sign'])
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, signer, bytesOf(signed))
  return `vapid t=${signed}.${toBase64(new Uint8Array(signature))}, k=${publicKeyOf(key)}`
}

/** The public key of an installation as browsers take it: an uncompressed point. */
export const publicKeyOf = ({ x = '', y = '' }: JsonWebKey): string =>
  toBase64(joined(Uint8Array.of(4), fromBase64(x), fromBase64(y)))

/** Why a browser's keys are none; null if they are. */
export function keysProblem(keys: unknown): string | null {
  const { p256dh, auth } = (keys ?? {}) as Partial<Record<keyof PushKeys, unknown>>
  const isPoint = typeof p256dh === 'string' && /^B[\w-]{86}=?$/.test(p256dh)
  const isSecret = typeof auth === 'string' && /^[\w-]{22}={0,2}$/.test(auth)
  return isPoint && isSecret ? null : 'keys wants p256dh and auth of a push subscription'
}

function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
    character.charCodeAt(0)
  )

const toBase64 = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
