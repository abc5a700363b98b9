import { causeOf } from './answer.ts'
import { judge, pauseBefore, type Advise, type Counts, type Preview, type Verdict } from './judge.ts'
import { TooLarge, Unreadable } from './unreadable.ts'

/** Sending cannot go on. The message says why, and what to do. */
export class Stop extends Error {}

export interface Target {
  /** The address of a Loggia, without a path. */
  url: string
  token: string
  site?: string | undefined
}

/** What differs between a terminal and a page. */
export interface Sender {
  encoding: 'zstd' | 'gzip'
  compress(body: Uint8Array): Promise<Uint8Array>
  /** What to do about an answer that is an error. */
  advise: Advise
  /** How to go on after sending has stopped. */
  resume: string
}

interface Patience {
  /** How long to try while nothing comes through, in ms. */
  patience: number
  /** Called with the reason before each pause. */
  onWait(message: string): void
}

/** Ms that one request may take. */
const perRequest = 120_000
/** A site that no one has. Its record is never stored. */
const nobody = 'loggia-push-asks'
const noLoggia = 'There is no Loggia at this address.'

/** A Worker, as an ingest token sees it. */
export class Receiver {
  readonly #target: Target
  readonly #sender: Sender
  readonly #patience: Patience
  /** When a request last came through, ms since 1970. */
  #last = Date.now()

  constructor(target: Target, sender: Sender, patience: Patience) {
    this.#target = target
    this.#sender = sender
    this.#patience = patience
  }

  /** Asks which site the token writes to; null if it is for all. The address may be wrong: it tries thrice. */
  async site(): Promise<string | null> {
    const date = new Date().toISOString()
    const record = { service: nobody, ip: '192.0.2.1', path: '/', status: 200, date }
    const { sites } = await this.#preview(new TextEncoder().encode(JSON.stringify(record)), 3)
    return sites.find(({ site }) => site !== nobody)?.site ?? null
  }

  /** Asks what a batch would become; nothing is stored. */
  preview(body: Uint8Array): Promise<Preview> {
    return this.#preview(body, Infinity)
  }

  async #preview(body: Uint8Array, tries: number): Promise<Preview> {
    const verdict = await this.#ask(body, '1', null, tries)
    return verdict.kind === 'preview' ? verdict.preview : refuse(verdict)
  }

  /** Stores a batch: once, however often it is sent under its key. Throws `TooLarge`, `Unreadable` or `Stop`. */
  async send(body: Uint8Array, key: string): Promise<Counts> {
    const verdict = await this.#ask(body, null, key, Infinity)
    return verdict.kind === 'counts' ? verdict.counts : refuse(verdict)
  }

  /** Asks until there is an answer other than to wait. */
  async #ask(body: Uint8Array, dryRun: string | null, key: string | null, tries: number): Promise<Verdict> {
    const { url, site } = this.#target
    const query = new URLSearchParams({ ...(site && { site }), ...(dryRun && { dry_run: dryRun }) })
    const address = `${url}/api/ingest${query.size ? `?${query}` : ''}`
    const packed = new Uint8Array(await this.#sender.compress(body))
    for (let attempt = 1; ; attempt++) {
      const verdict = await this.#try(address, packed, key)
      if (verdict.kind !== 'wait') {
        this.#last = Date.now()
        return verdict
      }
      if (attempt >= tries || Date.now() - this.#last > this.#patience.patience)
        return {
          kind: 'stop',
          message: `${verdict.message}. ${this.#sender.resume}`
        }
      this.#patience.onWait(verdict.message)
      const pause = pauseBefore(attempt, verdict.seconds, Math.random)
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }

  async #try(address: string, body: Uint8Array<ArrayBuffer>, key: string | null): Promise<Verdict> {
    const headers = {
      Authorization: `Bearer ${this.#target.token}`,
      'Content-Type': 'text/plain',
      'Content-Encoding': this.#sender.encoding,
      Accept: 'application/json',
      'User-Agent': 'loggia-push',
      ...(key !== null && { 'Idempotency-Key': key })
    }
    try {
      const signal = AbortSignal.timeout(perRequest)
      const response = await fetch(address, { method: 'POST', headers, body, signal, redirect: 'manual' })
      const text = await response.text()
      const { status } = response
      const [retryAfter, location] = ['Retry-After', 'Location'].map((name) => response.headers.get(name))
      return judge(
        { status, retryAfter: retryAfter!, location: location!, text },
        Date.now(),
        this.#sender.advise
      )
    } catch (error) {
      const message = `${this.#target.url} can't be reached (${causeOf(error)}). Check the address and the network`
      return { kind: 'wait', seconds: null, message }
    }
  }
}

function refuse(verdict: Verdict): never {
  if (verdict.kind === 'split') throw new TooLarge(verdict.message)
  if (verdict.kind === 'refused') throw new Unreadable(verdict.message)
  throw new Stop(verdict.kind === 'stop' ? verdict.message : noLoggia)
}
