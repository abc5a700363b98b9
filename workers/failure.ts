import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** An answer other than success. The message names the thing, what is wrong and the value. */
export class Failure extends HTTPException {
  readonly code: string
  readonly headers: Record<string, string>

  constructor(
    status: ContentfulStatusCode,
    code: string,
    message: string,
    headers: Record<string, string> = {}
  ) {
    super(status, { message })
    this.code = code
    this.headers = headers
  }
}
