const address = String.raw`(?:\d{1,3}(?:\.\d{1,3}){3}|(?=[\da-f:.]*:[\da-f.]*:)[\da-f:.]+|\[[\da-f:.]+\])`

/** What a value looks like, and the names that it may have, of which each is given once. The first that fits counts. */
const looks: readonly { matches: RegExp; names: readonly string[] }[] = [
  { matches: /^[A-Z]{3,10} \S+(?: HTTP\/\d\S*)?$/, names: ['request'] },
  // `$time_local` has one space.
  { matches: /^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d$/, names: ['time'] },
  {
    matches: /^\d\d\/[A-Z][a-z]{2}\/\d{4}[: ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?[+-]\d\d:?\d\d)?$/,
    names: ['time_local']
  },
  {
    matches: /^\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?$/,
    names: ['time_iso8601']
  },
  { matches: /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/, names: ['time'] },
  { matches: /^1\d{9}(?:\d{3}|\.\d+)?$/, names: ['msec'] },
  { matches: /^\d{4}[/-]\d\d[/-]\d\d$/, names: ['date'] },
  { matches: /^\d\d:\d\d:\d\d(?:[.,]\d+)?$/, names: ['clock'] },
  {
    matches: /^(?:GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|CONNECT|TRACE|PROPFIND)$/,
    names: ['request_method']
  },
  {
    matches: new RegExp(`^${address}(?::\\d+)?$`, 'i'),
    names: ['remote_addr', 'upstream_addr', 'server_addr']
  },
  { matches: new RegExp(`^${address}(?:, ?${address})+$`, 'i'), names: ['http_x_forwarded_for'] },
  { matches: /^(?:for|by|proto|host)=\S/i, names: ['http_forwarded'] },
  { matches: /^HTTP\/\d(?:\.\d)?$/, names: ['server_protocol'] },
  { matches: /^\d+\.\d+(?:[mµun]?s)?$|^\d+[mµun]?s$/, names: ['request_time', 'upstream_response_time'] },
  { matches: /^\//, names: ['request_uri'] },
  { matches: /^https?:\/\//, names: ['http_referer'] },
  { matches: /^(?!HTTP\/)[A-Za-z][\w.-]*\/\d|^(?=\D).*Mozilla\/\d/, names: ['http_user_agent'] },
  { matches: /^(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?$/i, names: ['host'] },
  { matches: /^[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}$/i, names: ['request_id'] }
]

const bytes = ['body_bytes_sent', 'request_length']

/** Statuses that servers send, those of nginx, Cloudflare and load balancers too. */
const status =
  /^(?:10[0-3]|20[0-8]|226|30[0-8]|4(?:0\d|1[0-8]|2[1-689]|31|44|51|6[0-4]|9[4-9])|5(?:0[0-8]|1[01]|2\d|30|61))$/

/** What a number is whose unit stands behind it. */
const units: Readonly<Record<string, string>> = {
  s: 'request_time',
  ms: 'request_time_ms',
  msecs: 'request_time_ms',
  us: 'duration_us',
  µs: 'duration_us'
}

/** Words behind a number that count something else than a status. */
const counted = /^(?:bytes?|B|kB|[mµun]?s|msecs?|seconds|vars|headers|hits|rows)$/i

/** Of more values that nobody knows, the format says too little of the line. */
const mostSpare = 3

interface Found {
  value: string
  key: string
}

/** Whether a text looks like a value of a request. */
export const isKnown = (text: string): boolean =>
  looks.some(({ matches }) => matches.test(text)) || /^\d+$/.test(text)

/** A name for each value; null if there is no request among them. What nobody knows keeps its key, or has a number. */
export function namesOf(found: readonly Found[]): string[] | null {
  const names = new Names(found)
  names.look()
  const answer = names.findStatus()
  if (answer === 'unclear') return null
  names.findBytes()
  names.findReferrer()
  return names.isRequest() ? names.all() : null
}

const isEmpty = (value: string) => value === '' || value === '-'

class Names {
  readonly #found: readonly Found[]
  readonly #known: (string | undefined)[]
  readonly #taken = new Set<string>()

  constructor(found: readonly Found[]) {
    this.#found = found
    this.#known = found.map(() => undefined)
  }

  #claim(i: number, names: readonly string[]): void {
    const name = names.find((name) => !this.#taken.has(name))
    if (name === undefined) return
    this.#taken.add(name)
    this.#known[i] = name
  }

  look(): void {
    for (const [i, { value }] of this.#found.entries()) {
      const unit = /^\d+(?:\.\d+)?$/.test(value) ? units[this.#found[i + 1]?.value ?? ''] : undefined
      if (unit !== undefined && !this.#taken.has(unit)) this.#claim(i, [unit])
      else
        this.#claim(
          i,
          looks.find(
            ({ matches, names }) => matches.test(value) && names.some((name) => !this.#taken.has(name))
          )?.names ?? []
        )
    }
  }

  /** A status has a key that says so, or stands behind the request, or is the only value that looks like one. */
  findStatus(): 'found' | 'none' | 'unclear' {
    const places = [...this.#found.keys()].filter((i) => this.#maybeStatus(i))
    const keyed = places.filter((i) => /stat|code|^(?:st|s|sc|rc)$/i.test(this.#found[i]!.key))
    const unkeyed = places.filter((i) => this.#found[i]!.key === '')
    const behind = unkeyed.filter((i) => this.#isBehindRequest(i))
    const chosen = [keyed, behind, unkeyed, places].find((some) => some.length > 0)
    if (chosen === undefined) return 'none'
    if (chosen.length > 1) return 'unclear'
    this.#claim(chosen[0]!, ['status'])
    return 'found'
  }

  #maybeStatus(i: number): boolean {
    const isFree = this.#known[i] === undefined
    return isFree && status.test(this.#found[i]!.value) && !counted.test(this.#found[i + 1]?.value ?? '')
  }

  #isBehindRequest(i: number): boolean {
    return ['request', 'request_uri', 'server_protocol'].includes(this.#known[i - 1] ?? '')
  }

  /** Bytes stand behind the request or the status, or have a key that says so. */
  findBytes(): void {
    const first = this.#known.findIndex((name) => name === 'status' || name === 'request')
    for (const [i, { value, key }] of this.#found.entries()) {
      const isThere = key === '' ? first >= 0 && i > first : /byte|size|len|sent/i.test(key)
      if (this.#known[i] === undefined && /^\d+$/.test(value) && isThere) this.#claim(i, bytes)
    }
  }

  findReferrer(): void {
    const agent = this.#known.indexOf('http_user_agent')
    // The referrer stands before the agent, and most often it is missing.
    if (agent > 0 && isEmpty(this.#found[agent - 1]!.value) && !this.#known[agent - 1])
      this.#claim(agent - 1, ['http_referer'])
    const target = this.#known.indexOf('http_referer')
    if (this.#isAsked() || target < 0 || isEmpty(this.#found[target]!.value)) return
    // The only URL of a line without a path is what was asked for.
    this.#claim(target, ['request_uri'])
    this.#taken.delete('http_referer')
  }

  #isAsked(): boolean {
    return this.#taken.has('request') || this.#taken.has('request_uri')
  }

  isRequest(): boolean {
    const isAnswered = ['status', 'remote_addr', 'http_user_agent'].some((name) => this.#taken.has(name))
    const spare = this.#found.filter(({ value, key }, i) => {
      return this.#known[i] === undefined && key === '' && !isEmpty(value) && !counted.test(value)
    })
    return this.#isAsked() && isAnswered && spare.length <= mostSpare
  }

  all(): string[] {
    return this.#known.map((name, i) => {
      if (name === undefined) this.#claim(i, [this.#spare(this.#found[i]!.key, i)])
      return this.#known[i]!
    })
  }

  #spare(key: string, place: number): string {
    const name = key.toLowerCase().replace(/\W/g, '_')
    return name === '' || this.#taken.has(name) || /^\d/.test(name) ? `field_${place + 1}` : name
  }
}
