import { env, reset } from 'cloudflare:test'
import { beforeEach, expect, it } from 'vitest'
import { forgetSettings } from '../../workers/access/settings.ts'
import { post, record, settle, stored, tokenFor } from './reach.ts'

const site = 'example'
const chrome =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36'
const text = new TextEncoder()
const toBase64 = (bytes: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(bytes)))

let token: string
let key: CryptoKey
let keyid: string

beforeEach(async () => {
  await reset()
  forgetSettings(site)
  token = await tokenFor(site)
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const { x } = (await crypto.subtle.exportKey('jwk', pair.publicKey)) as JsonWebKey
  key = pair.privateKey
  const jwk = text.encode(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
  keyid = toBase64(await crypto.subtle.digest('SHA-256', jwk))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
  const day = new Date().toISOString().slice(0, 10)
  await env.PARTS.put('geo/crawlers.json', JSON.stringify({ lists: { 'openai-keys': { day, entries: x } } }))
})

/** What nginx logs of a request that ChatGPT signed for a host. */
async function signedFor(host: string) {
  const created = Math.floor(Date.now() / 1000)
  const agent = '"https://chatgpt.com"'
  const input = `("@authority" "signature-agent");created=${created};keyid="${keyid}";expires=${created + 600};tag="web-bot-auth";alg="ed25519"`
  const base = `"@authority": ${host}\n"signature-agent": ${agent}\n"@signature-params": ${input}`
  const signature = toBase64(await crypto.subtle.sign('Ed25519', key, text.encode(base)))
  return {
    time_iso8601: new Date().toISOString(),
    http_user_agent: chrome,
    http_signature_agent: agent,
    http_signature_input: `sig1=${input}`,
    http_signature: `sig1=:${signature}:`,
    note: 'kept'
  }
}

it('a flush knows a signed bot that says to be a browser, and keeps no signature', async () => {
  const records = [
    record(1, await signedFor('example.org')),
    record(2, await signedFor('example.com')),
    record(3, { time_iso8601: new Date().toISOString(), http_user_agent: chrome, note: 'kept' })
  ]
  expect(await (await post(token, JSON.stringify(records))).json()).toMatchObject({ accepted: 3 })
  await settle(site)
  expect(await stored(site, 'path')).toEqual(['/page/1', '/page/2', '/page/3'])
  expect(await stored(site, 'bot_proof')).toEqual(['signed', null, null])
  expect(await stored(site, 'bot_name')).toEqual(['ChatGPT Agent', null, null])
  expect(await stored(site, 'bot_purpose')).toEqual(['ai_user', null, null])
  expect(await stored(site, 'is_bot')).toEqual([true, false, false])
  expect(await stored(site, 'extra')).toEqual(['{"note":"kept"}', '{"note":"kept"}', '{"note":"kept"}'])
})
