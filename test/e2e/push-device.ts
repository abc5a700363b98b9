import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto'

/** A browser that is subscribed to pushes: the keys that it gives away, and how it opens what is sealed for it. */
export function newDevice() {
  const pair = createECDH('prime256v1')
  const own = pair.generateKeys()
  const auth = randomBytes(16)
  return {
    keys: { p256dh: own.toString('base64url'), auth: auth.toString('base64url') },
    /** RFC 8291, the other way round. */
    open(sealed: Buffer): string {
      const length = sealed[20]!
      const [salt, theirs] = [sealed.subarray(0, 16), sealed.subarray(21, 21 + length)]
      const derive = (secret: Buffer, salt: Buffer, info: Buffer | string, bytes: number) =>
        Buffer.from(hkdfSync('sha256', secret, salt, info, bytes))
      const info = Buffer.concat([Buffer.from('WebPush: info\0'), own, theirs])
      const secret = derive(pair.computeSecret(theirs), auth, info, 32)
      const key = derive(secret, salt, 'Content-Encoding: aes128gcm\0', 16)
      const nonce = derive(secret, salt, 'Content-Encoding: nonce\0', 12)
      const body = sealed.subarray(21 + length)
      const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(body.subarray(-16))
      const plain = Buffer.concat([decipher.update(body.subarray(0, -16)), decipher.final()])
      return plain.subarray(0, plain.lastIndexOf(2)).toString()
    }
  }
}
