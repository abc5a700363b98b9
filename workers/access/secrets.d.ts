/* eslint-disable @typescript-eslint/no-empty-object-type -- these interfaces are merged into wrangler's */

/** What may be set beside the bindings of wrangler.toml, each by `wrangler secret put` or as a var. */
interface Secrets {
  /** The one password. Without it the first run asks for LOGGIA_SETUP and keeps the password that is chosen then. */
  LOGGIA_PASSWORD?: string
  /**
   * Opens the set-up once, or signs in once if there is a password. 43 characters of base64url, a dot, and the Unix time
   * in seconds at which it expires.
   */
  LOGGIA_SETUP?: string
  /** `example.cloudflareaccess.com`: Cloudflare Access lets readers in. */
  LOGGIA_ACCESS_TEAM?: string
  /** The audience tag of the application in Cloudflare Access. */
  LOGGIA_ACCESS_AUD?: string
  /** Hosts besides loop-back by which the embedded server may be asked, comma between; unset when deployed. */
  LOGGIA_EMBEDDED?: string
  /** What the front of the embedded server adds to every request, as proof that it came through it. */
  LOGGIA_FRONT?: string
  /** `yes`: forwarders that can set no header may send their token as `?token=`. */
  LOGGIA_URL_TOKENS?: string
}

interface Env extends Secrets {}

declare namespace Cloudflare {
  interface Env extends Secrets {}
}
