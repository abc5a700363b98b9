import { env, reset } from 'cloudflare:test'
import { beforeEach, expect, it } from 'vitest'
import { forgetSettings } from '../../workers/access/settings.ts'
import { change, post, record, settle, stored, tokenFor } from './reach.ts'

const site = 'example'
let token: string

beforeEach(async () => {
  await reset()
  forgetSettings(site)
  token = await tokenFor(site)
  const day = new Date().toISOString().slice(0, 10)
  const lists = Object.fromEntries(
    ['google-common', 'google-special'].map((name) => [name, { day, entries: '66.249.64.0/19' }])
  )
  await env.PARTS.put('geo/crawlers.json', JSON.stringify({ lists }))
})

// A list refutes nothing of other years.
const time_iso8601 = new Date().toISOString()
const send = (addresses: readonly string[]) =>
  post(
    token,
    JSON.stringify(
      addresses.map((remote_addr, i) =>
        record(i, {
          time_iso8601,
          remote_addr,
          http_user_agent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'
        })
      )
    )
  )

/** The proofs and the addresses that are kept, in the order of the requests. */
async function settled() {
  await settle(site)
  return [await stored(site, 'bot_proof'), await stored(site, 'ip')]
}

it.each([
  ['full', ['66.249.66.1', '185.241.208.7']],
  // The flush reads an address before it cuts it.
  ['truncated', ['66.249.66.0', '185.241.208.0']],
  ['none', [null, null]]
])('a flush tells crawlers from impostors, with addresses kept %s', async (ip_mode, kept) => {
  await change('PUT', `/api/sites/${site}/settings`, { ip_mode })
  expect(await (await send(['66.249.66.1', '185.241.208.7'])).json()).toMatchObject({ accepted: 2 })
  expect(await settled()).toEqual([['verified', 'impostor'], kept])
})

it('a proxy of the site is no impostor', async () => {
  await change('PUT', `/api/sites/${site}/settings`, { trusted_proxies: ['private', '185.241.208.0/24'] })
  await send(['185.241.208.7', '185.241.209.7', '10.0.0.7'])
  expect((await settled())[0]).toEqual([null, 'impostor', null])
  expect(await stored(site, 'flags')).toEqual(['ip_of_proxy', null, null])
})

it.each(['', '{', '{"lists":{"google-common":7}}'])(
  'lists that cannot be read cost no hit: %j',
  async (text) => {
    await env.PARTS.put('geo/crawlers.json', text)
    await send(['66.249.66.1'])
    const [proofs, addresses] = await settled()
    expect(addresses).toEqual(['66.249.66.1'])
    expect(proofs).toHaveLength(1)
  }
)
