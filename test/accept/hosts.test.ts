import { describe, expect, it } from 'vitest'
import { accept } from '#lib/accept/accept.ts'
import { moveByHost, readHostSites } from '#lib/accept/hosts.ts'

const list = [
  { host: 'shop.example.org', site: 'shop' },
  { host: '*.example.org', site: 'example' },
  { host: '*.de.example.org', site: 'germany' },
  { host: 'xn--caf-dma.example', site: 'café' }
]

/** The site of a record. */
function siteOf(record: object): string | null {
  const body = new TextEncoder().encode(JSON.stringify([{ path: '/', status: 200, ...record }]))
  const { hits, indices } = moveByHost(accept(body, { received: 0, token: null }), list)
  expect([...indices]).toEqual([...hits.keys()].map((site) => [site, [0]]))
  return [...hits.keys()][0]!
}

describe('a record', () => {
  it.each([
    ['shop.example.org', 'shop'],
    ['SHOP.example.org:8443', 'shop'],
    ['www.example.org', 'example'],
    ['a.b.example.org', 'example'],
    ['www.de.example.org', 'germany'],
    ['de.example.org', 'example'],
    ['xn--caf-dma.example', 'café'],
    ['example.org', 'named'],
    ['shop.example.org.evil.example', 'named'],
    ['otherexample.org', 'named'],
    [undefined, 'named']
  ])('for host %s goes to %s, which names another site', (host, site) =>
    expect(siteOf({ host, service: 'named' })).toBe(site)
  )

  it('goes where it went, where its host is not listed', () => {
    expect(siteOf({ host: 'example.com' })).toBeNull()
    expect(siteOf({ request_uri: 'https://shop.example.org/a' })).toBe('shop')
  })
})

it('keeps the place of each record in its batch', () => {
  const records = ['a', 'shop', 'b', 'shop', 'b'].map((name, i) => ({
    path: `/${i}`,
    status: 200,
    host: `${name}.example.org`
  }))
  const batch = accept(new TextEncoder().encode(JSON.stringify(records)), { received: 0, token: null })
  const { hits, indices, received } = moveByHost(batch, list)
  expect(received).toBe(5)
  expect(Object.fromEntries(indices)).toEqual({ shop: [1, 3], example: [0, 2, 4] })
  expect(hits.get('example')!.map(({ path }) => path)).toEqual(['/0', '/2', '/4'])
})

describe('the list of hosts', () => {
  it('is kept in one spelling', () => {
    const typed = [
      { host: ' Shop.Example.org:443', site: ' Shop ' },
      { host: 'shop.example.org', site: 'shop' },
      { host: '*.Café.example', site: 'CAFÉ' },
      { host: '203.0.113.7', site: 'bare' }
    ]
    expect(readHostSites(typed)).toEqual([
      { host: 'shop.example.org', site: 'shop' },
      { host: '*.xn--caf-dma.example', site: 'café' },
      { host: '203.0.113.7', site: 'bare' }
    ])
  })

  it.each([
    [[{ host: 'a.*.org', site: 'a' }], '"a.*.org" is not a host'],
    [[{ host: '*', site: 'a' }], 'is not a host'],
    [[{ host: 'https://a.example', site: 'a' }], 'is not a host'],
    [[{ host: '', site: 'a' }], 'is not a host'],
    [[{ host: '_', site: 'a' }], 'is not a host'],
    [[{ host: 'a.example', site: ' ' }], 'a.example has no site: name one'],
    [[{ host: 'a.example', site: 'a/b' }], '"a/b", the site of a.example, is not the name of a site'],
    [[{ host: 'a.example', site: '../b' }], 'is not the name of a site'],
    [
      [
        { host: 'a.example', site: 'a' },
        { host: 'A.example', site: 'b' }
      ],
      'a.example goes to two sites, a and b'
    ],
    [Array.from({ length: 1_001 }, (_, i) => ({ host: `a${i}.example`, site: 'a' })), 'the most is 1000']
  ])('refuses %j and says why', (hosts, why) => expect(readHostSites(hosts)).toContain(why))
})
