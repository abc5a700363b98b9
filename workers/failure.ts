import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** An answer other than success. The message names the thing, what is wrong and the value. */
export class Failure extends HTTPException {
  readonly code: string
  readonly headers: Record<string, string>
  /** Figures for machines, beside the message. */
  readonly details: Record<string, number>

  constructor(
    status: ContentfulStatusCode,
    code: string,
    message: string,
    headers: Record<string, string> = {},
    details: Record<string, number> = {}
  ) {
    super(status, { message })
    this.code = code
    this.headers = headers
    this.details = details
  }
}

/** "Come again later", spread out so that not all forwarders come again at once. */
export function retryAfter(seconds: number, spread = 4): { 'Retry-After': string } {
  return { 'Retry-After': String(Math.ceil(seconds) + Math.floor(Math.random() * (spread + 1))) }
}
