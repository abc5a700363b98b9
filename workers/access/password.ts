import { Buffer } from 'node:buffer'
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { sha256 } from '../store/storage.ts'

interface Cost {
  N: number
  r: number
  p: number
}

/** 16 MB and about a tenth of a second; workerd refuses more than N·r·p = 2^20. */
const cost: Cost = { N: 1 << 14, r: 8, p: 5 }
const mostCost = 1 << 20
const keyLength = 32

export const shortestPassword = 12

/** A password as it is kept: `scrypt$N$r$p$salt$key`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, cost)
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** Derived with the parameters of then; without a password it takes as long to say no. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const { salt, key, ...used } = parse(stored ?? nobody)
  const isSame = timingSafeEqual(await derive(password, salt, used), key)
  return stored !== null && isSame
}

/** Compared as digests of one length, in constant time. */
export async function isSecret(given: string, wanted: string): Promise<boolean> {
  const [a, b] = await Promise.all([sha256(given), sha256(wanted)])
  return timingSafeEqual(Buffer.from(a), Buffer.from(b))
}

const nobody = `scrypt$${cost.N}$${cost.r}$${cost.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`

function parse(stored: string): Cost & { salt: Buffer; key: Buffer } {
  const [name, N, r, p, salt = '', key = ''] = stored.split('$')
  const used = { N: Number(N), r: Number(r), p: Number(p) }
  if (name !== 'scrypt' || !(used.N * used.r * used.p <= mostCost))
    throw new Error(`the stored password is of a kind ${name} $${N}$${r}$${p} that is not known`)
  return { ...used, salt: Buffer.from(salt, 'base64url'), key: Buffer.from(key, 'base64url') }
}

/** One derivation at a time: each takes 16 of the 128 MB of an isolate. */
let last: Promise<unknown> = Promise.resolve()

function derive(password: string, salt: Buffer, used: Cost): Promise<Buffer> {
  const derived = last.then(
    () =>
      new Promise<Buffer>((resolve, reject) =>
        scrypt(password.normalize('NFKC'), salt, keyLength, { ...used, maxmem: 64 << 20 }, (error, key) =>
          error ? reject(error) : resolve(key)
        )
      )
  )
  last = derived.catch(() => undefined)
  return derived
}
