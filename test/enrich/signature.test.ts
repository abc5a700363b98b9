import { describe, expect, test } from 'vitest'
import { accept } from '#lib/accept/accept.ts'
import { takeSigned, type Signed } from '#lib/accept/signed.ts'
import { botByName } from '#lib/enrich/bots.ts'
import { openSigners } from '#lib/enrich/signature.ts'
import { signers } from '#lib/enrich/signers.ts'

const text = new TextEncoder()
const seconds = 1_796_040_000
const request = { time: seconds * 1000, host: 'example.org', method: 'GET', path: '/a' }

interface Key {
  sign(base: string): Promise<string>
  x: string
  print: string
}

async function makeKey(): Promise<Key> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const { x } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  const digest = await crypto.subtle.digest(
    'SHA-256',
    text.encode(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
  )
  return {
    x: x!,
    print: Buffer.from(digest).toString('base64url'),
    async sign(base) {
      const signature = await crypto.subtle.sign('Ed25519', pair.privateKey, text.encode(base))
      return Buffer.from(signature).toString('base64')
    }
  }
}

const key = await makeKey()
const stranger = await makeKey()
const signerOf = openSigners({
  'openai-keys': { day: '2026-11-30', entries: `${stranger.x} ${key.x}` },
  'google-keys': { day: '2026-11-30', entries: key.x }
})

interface Signing {
  agent?: string
  /** Each component with what is signed for it. */
  components?: [component: string, value: string][]
  parameters?: Record<string, string | number>
  signedBy?: Key
}

const parametersOf = (changes: Record<string, string | number | undefined> = {}) => ({
  created: seconds - 100,
  keyid: key.print,
  expires: seconds + 3500,
  nonce: '_8jbGwfLcgt_vUeiZQdWvfyIeh9FmlthEXElL-O2Rq5zydBYWivw4R3sV9PV',
  tag: 'web-bot-auth',
  alg: 'ed25519',
  ...changes
})

/** The headers of a request as a bot signs it. */
async function sign({
  agent = '"https://chatgpt.com"',
  components = [
    ['"@authority"', 'example.org'],
    ['"signature-agent"', agent]
  ],
  parameters = parametersOf(),
  signedBy = key
}: Signing = {}): Promise<Signed> {
  const written = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`;${name}=${typeof value === 'number' ? value : `"${value}"`}`]
  )
  const input = `(${components.map(([name]) => name).join(' ')})${written.join('')}`
  const lines = components.map(([name, value]) => `${name}: ${value}`)
  const signature = await signedBy.sign([...lines, `"@signature-params": ${input}`].join('\n'))
  return { agent, input: `sig1=${input}`, signature: `sig1=:${signature}:` }
}

const google = 'g="https://agent.bot.goog"'

describe('a signature holds', () => {
  const all: [string, string][] = [
    ['"@authority"', 'example.org'],
    ['"@method"', 'GET'],
    ['"@path"', '/a'],
    ['"signature-agent"', '"https://chatgpt.com"']
  ]
  test.each<[string, Signing, string]>([
    ['over host and agent', {}, 'https://chatgpt.com'],
    ['over method and path, too, as ChatGPT signs', { components: all }, 'https://chatgpt.com'],
    ['over the components in another order', { components: all.toReversed() }, 'https://chatgpt.com'],
    [
      'over a member of a dictionary, as Google signs',
      {
        agent: google,
        components: [
          ['"@authority"', 'example.org'],
          ['"signature-agent";key="g"', '"https://agent.bot.goog"']
        ]
      },
      'https://agent.bot.goog'
    ],
    [
      'over a whole dictionary',
      {
        agent: google,
        components: [
          ['"@authority"', 'example.org'],
          ['"signature-agent"', google]
        ]
      },
      'https://agent.bot.goog'
    ],
    [
      'without the name of the algorithm',
      { parameters: parametersOf({ alg: undefined }) as never },
      'https://chatgpt.com'
    ],
    [
      'by a clock that is a little ahead',
      { parameters: parametersOf({ created: seconds + 30 }) },
      'https://chatgpt.com'
    ],
    [
      'by another key of the operator',
      { parameters: parametersOf({ keyid: stranger.print }), signedBy: stranger },
      'https://chatgpt.com'
    ]
  ])('%s', async (_, signing, agent) => {
    expect((await signerOf(await sign(signing), request))?.agent).toBe(agent)
  })

  test('of a path that the log has decoded', async () => {
    const signed = await sign({
      components: [
        ['"@authority"', 'example.org'],
        ['"@path"', '/caf%C3%A9%20x'],
        ['"signature-agent"', '"https://chatgpt.com"']
      ]
    })
    expect(await signerOf(signed, { ...request, path: '/café x' })).not.toBeNull()
    expect(await signerOf(signed, { ...request, path: '/cafe' })).toBeNull()
  })

  test('beside another that does not', async () => {
    const { agent, input, signature } = await sign()
    const both = {
      agent,
      input: `other=("@authority");created=1;tag="other", ${input}`,
      signature: `other=:AAAA:, ${signature}`
    }
    expect(await signerOf(both, request)).not.toBeNull()
  })
})

describe('a signature fails with', () => {
  test.each<[string, object]>([
    ['another host', { host: 'example.com' }],
    ['no host', { host: null }],
    ['a time before it was made', { time: request.time - 200_000 }],
    ['a time after it ended', { time: request.time + 3_600_000 }]
  ])('%s of the request', async (_, change) => {
    expect(await signerOf(await sign(), { ...request, ...change })).toBeNull()
  })

  test.each<[string, Signing]>([
    ['another tag', { parameters: parametersOf({ tag: 'web-bot' }) }],
    ['no tag', { parameters: parametersOf({ tag: undefined }) as never }],
    ['another algorithm', { parameters: parametersOf({ alg: 'rsa-pss-sha512' }) }],
    ['no start', { parameters: parametersOf({ created: undefined }) as never }],
    ['no end', { parameters: parametersOf({ expires: undefined }) as never }],
    ['a start after its end', { parameters: parametersOf({ created: seconds + 30, expires: seconds + 20 }) }],
    ['a time in words', { parameters: parametersOf({ created: 'now' }) }],
    ['a key that nobody knows', { parameters: parametersOf({ keyid: 'AAAA' }) }],
    ['no key', { parameters: parametersOf({ keyid: undefined }) as never }],
    ['the name of another key', { signedBy: stranger }],
    ['an agent that nobody knows', { agent: '"https://chatgpt.com.example"' }],
    ['an agent over plain HTTP', { agent: '"http://chatgpt.com"' }],
    ['an agent without quotes', { agent: 'https://chatgpt.com' }],
    [
      'the agent of another operator’s keys',
      {
        agent: '"https://agent.bot.goog"',
        parameters: parametersOf({ keyid: stranger.print }),
        signedBy: stranger
      }
    ],
    ['nothing over the host', { components: [['"signature-agent"', '"https://chatgpt.com"']] }],
    ['nothing over the agent', { components: [['"@authority"', 'example.org']] }],
    [
      'a component twice',
      {
        components: [
          ['"@authority"', 'example.org'],
          ['"@authority"', 'example.org'],
          ['"signature-agent"', '"https://chatgpt.com"']
        ]
      }
    ],
    [
      'a header that the log lacks',
      {
        components: [
          ['"@authority"', 'example.org'],
          ['"accept"', '*/*'],
          ['"signature-agent"', '"https://chatgpt.com"']
        ]
      }
    ],
    [
      'a key for a host',
      {
        components: [
          ['"@authority";key="g"', 'example.org'],
          ['"signature-agent"', '"https://chatgpt.com"']
        ]
      }
    ],
    [
      'a key that the dictionary lacks',
      {
        agent: google,
        components: [
          ['"@authority"', 'example.org'],
          ['"signature-agent";key="h"', '"https://agent.bot.goog"']
        ]
      }
    ]
  ])('%s', async (_, signing) => {
    expect(await signerOf(await sign(signing), request)).toBeNull()
  })

  test.each<[string, (signed: Signed) => Partial<Signed>]>([
    ['another agent than was signed', () => ({ agent: google })],
    [
      'a later end than was signed',
      ({ input }) => ({ input: input.replace(/expires=\d+/, `expires=${seconds + 9999}`) })
    ],
    ['another nonce than was signed', ({ input }) => ({ input: input.replace('nonce="_', 'nonce="-') })],
    [
      'a changed signature',
      ({ signature }) => ({ signature: signature.replace(/:(.)/, (_, one) => (one === 'A' ? ':B' : ':A')) })
    ],
    ['a shortened signature', ({ signature }) => ({ signature: signature.replace(/:.{8}/, ':') })],
    [
      'a signature under another label',
      ({ signature }) => ({ signature: signature.replace('sig1', 'sig2') })
    ],
    ['a signature that is no base64', () => ({ signature: 'sig1=:-_:' })],
    ['no signature', () => ({ signature: '' })],
    ['an unended list', ({ input }) => ({ input: input.replace(')', '') })],
    ['an unended text', ({ input }) => ({ input: input.slice(0, -1) })],
    ['more behind it', ({ input }) => ({ input: `${input} x` })],
    ['no list', () => ({ input: 'sig1=1' })],
    ['garbage', () => ({ agent: '\u0000', input: '((((', signature: ')' })],
    ['nothing', () => ({ agent: '', input: '', signature: '' })]
  ])('%s', async (_, change) => {
    const signed = await sign()
    expect(await signerOf(signed, request)).not.toBeNull()
    expect(await signerOf({ ...signed, ...change(signed) }, request)).toBeNull()
  })

  test('a key that is gone, or no key at all', async () => {
    const signed = await sign()
    for (const entries of [stranger.x, '', 'short', 'A'.repeat(43)])
      expect(await openSigners({ 'openai-keys': { day: '2026-11-30', entries } })(signed, request)).toBeNull()
    expect(await openSigners({})(signed, request)).toBeNull()
  })
})

test('each signer is a bot that is known', () => {
  for (const { agent, name } of signers) {
    expect(agent).toMatch(/^https:\/\/[a-z.]+$/)
    expect(botByName(name)?.purpose).toBe('ai_user')
  }
})

describe('the log keeps until the flush', () => {
  const read = (fields: object) => {
    const record = {
      time_iso8601: '2026-11-30T12:00:00Z',
      remote_addr: '203.0.113.7',
      request_method: 'GET',
      host: 'example.org',
      request_uri: '/a',
      status: '200',
      ...fields
    }
    const { hits } = accept(text.encode(JSON.stringify(record)), { received: request.time, token: 't' })
    return [...hits.values()].flat()[0]!.extra
  }
  const headersOf = ({ agent, input, signature }: Signed) => ({
    http_signature_agent: agent,
    http_signature_input: input,
    http_signature: signature
  })

  test('the headers of a signed bot, as they were sent', async () => {
    const signed = await sign()
    expect(takeSigned(read(headersOf(signed)))).toEqual({ signed, extra: null })
    expect(takeSigned(read({ note: 'kept', ...headersOf(signed) }))).toEqual({
      signed,
      extra: '{"note":"kept"}'
    })
  })

  test.each<[string, (headers: Record<string, string>) => object]>([
    [
      'of another tag',
      ({ http_signature_input: input, ...others }) => ({
        ...others,
        http_signature_input: input!.replace('web-bot-auth', 'x')
      })
    ],
    ['without an input', (headers) => ({ ...headers, http_signature_input: '-' })],
    ['that are too long', (headers) => ({ ...headers, note: 'x'.repeat(900), more: 'x'.repeat(900) })]
  ])('no headers %s', async (_, change) => {
    const extra = read(change(headersOf(await sign())))
    expect(takeSigned(extra)).toBeNull()
    expect(extra).not.toMatch(/sig1/)
  })

  test.each([
    null,
    '{}',
    '{"web_bot_auth":[1,2,3]}',
    '{"web_bot_auth":["a"]}',
    '{"a":1,"web_bot_auth":["a","b","c"]}'
  ])('nothing of %s', (extra) => expect(takeSigned(extra)).toBeNull())
})
