import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'

/** A value for LOGGIA_SETUP: 32 random bytes, and the second until which whoever has it may choose the password. */
export function makeSecret(hours: number, now: number): string {
  if (!(hours > 0 && hours <= 24)) throw new Error(`${hours} hours are not above 0 and up to 24`)
  return `${randomBytes(32).toString('base64url')}.${Math.floor(now / 1000 + hours * 3600)}`
}

/** The secret alone, so that it can be piped to `wrangler secret put`. */
export function secret(args: string[]): string {
  const options = { hours: { type: 'string', default: '1' } } as const
  return makeSecret(Number(parseArgs({ args, options }).values.hours), Date.now())
}
