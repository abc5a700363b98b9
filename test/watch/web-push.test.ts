import { createVerify } from 'node:crypto'
import { expect, test } from 'vitest'
import { encrypt, keysProblem, publicKeyOf, vapid } from '../../workers/watch/web-push.ts'

/** RFC 8291, section 5 and appendix A. */
const rfc = {
  text: 'When I grow up, I want to be a watermelon',
  p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  sender: 'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
  secret: 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw',
  salt: 'DGv6ra1nlYgDCS1FRnbzlw',
  sealed:
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN'
}

test('a message is sealed as the example of RFC 8291', async () => {
  const curve = { name: 'ECDH', namedCurve: 'P-256' }
  const point = Buffer.from(rfc.sender, 'base64url')
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'))
  const jwk = { kty: 'EC', crv: 'P-256', x: x!, y: y!, ext: true }
  const pair = {
    publicKey: await crypto.subtle.importKey('jwk', jwk, curve, true, []),
    privateKey: await crypto.subtle.importKey('jwk', { ...jwk, d: rfc.secret }, curve, true, ['deriveBits'])
  }
  const salt = new Uint8Array(Buffer.from(rfc.salt, 'base64url'))
  const sealed = await encrypt(rfc.text, rfc, { salt, pair })
  expect(Buffer.from(sealed).toString('base64url')).toBe(rfc.sealed)
})

test('the sender is proven for the push service alone, by a signature that its public key checks', async () => {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const key = await crypto.subtle.exportKey('jwk', pair.privateKey)
  const proof = await vapid('https://push.example/send/abc', 'https://loggia.example', key, 1_000_000)
  const [, token = '', shown] = /^vapid t=([\w.-]+), k=([\w-]+)$/.exec(proof)!
  const [head, claims, signature] = token.split('.')
  expect(JSON.parse(Buffer.from(claims!, 'base64url').toString())).toEqual({
    aud: 'https://push.example',
    exp: 44_200,
    sub: 'https://loggia.example'
  })
  expect(shown).toBe(publicKeyOf(key))
  expect(Buffer.from(shown!, 'base64url')).toHaveLength(65)
  const verify = createVerify('SHA256').update(`${head}.${claims}`)
  const { kty, crv, x, y } = key
  const publicKey = { key: { kty, crv, x, y } as never, format: 'jwk', dsaEncoding: 'ieee-p1363' } as never
  expect(verify.verify(publicKey, signature!, 'base64url')).toBe(true)
})

test.each([null, {}, { p256dh: rfc.p256dh }, { p256dh: 'AAAA', auth: rfc.auth }, { ...rfc, auth: 'short' }])(
  'keys of no subscription are refused: %j',
  (keys) => expect(keysProblem(keys)).not.toBeNull()
)

test('keys of a subscription are taken', () => expect(keysProblem(rfc)).toBeNull())
