import { execFileSync } from 'node:child_process'

/** A query as one types it on *Explore*, and the same as programs in a pipe over the raw log: `rg` with arguments. */
export interface Search {
  readonly what: string
  readonly query: string
  readonly isCased?: boolean
  readonly pipe: readonly (readonly string[])[]
}

const fixed = (text: string) => ['-iF', '--', text]

export const searches: readonly Search[] = [
  { what: 'a phrase in a field', query: 'wp-login', pipe: [fixed('wp-login')] },
  { what: 'a phrase that most lines have', query: 'mozilla', pipe: [fixed('mozilla')] },
  { what: 'a phrase across fields', query: '"GET /blog/2019"', pipe: [fixed('GET /blog/2019')] },
  { what: 'a status between its neighbors', query: String.raw`"\" 404 "`, pipe: [fixed('" 404 ')] },
  { what: 'digits', query: '404', pipe: [fixed('404')] },
  { what: 'more digits', query: '14740', pipe: [fixed('14740')] },
  {
    what: 'three words in any order',
    query: 'iphone blog safari',
    pipe: [fixed('iphone'), fixed('blog'), fixed('safari')]
  },
  { what: 'without a phrase', query: '-mozilla', pipe: [['-v', ...fixed('mozilla')]] },
  {
    what: 'a phrase without another',
    query: 'bot -googlebot',
    pipe: [fixed('bot'), ['-v', ...fixed('googlebot')]]
  },
  { what: 'a regular expression', query: '/wp-(login|admin)/', pipe: [['wp-(login|admin)']] },
  {
    what: 'a regular expression in any case',
    query: '/(google|bing)bot/i',
    pipe: [['-i', '(google|bing)bot']]
  },
  { what: 'a word in its case', query: 'Googlebot', isCased: true, pipe: [['-F', '--', 'Googlebot']] }
]

/** How many lines of a log pass, and the milliseconds that `rg` takes for it. */
export function countByRg(file: string, { pipe }: Search): { lines: number; ms: number } {
  const start = performance.now()
  const quoted = pipe.map((args, i) =>
    ['rg', '--no-config', ...(i === pipe.length - 1 ? ['-c'] : []), ...args].map(quote).join(' ')
  )
  const [first = '', ...rest] = quoted
  const text = execFileSync('sh', ['-c', [`${first} < ${quote(file)}`, ...rest].join(' | ')], {
    encoding: 'utf8'
  })
  return { lines: Number(text.trim()), ms: performance.now() - start }
}

const quote = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`
