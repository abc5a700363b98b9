import { env } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { isOwnHost } from '../../workers/access/network.ts'
import app from '../../workers/index.ts'

describe('the embedded server', () => {
  it.each([
    ['localhost', ['127.0.0.1'], true],
    ['127.0.0.1', ['127.0.0.1'], true],
    ['[::1]', ['127.0.0.1'], true],
    ['evil.example', ['127.0.0.1'], false],
    ['192.168.1.5', ['127.0.0.1'], false],
    ['192.168.1.5', ['192.168.1.5'], true],
    ['192.168.1.5', ['0.0.0.0'], true],
    ['[fd00::5]', ['::'], true],
    ['[fd00::5]', ['fd00::5'], true],
    ['evil.example', ['0.0.0.0'], false],
    ['box.lan', ['0.0.0.0', 'box.lan'], true]
  ])('asked as %s while on %o: %s', (name, hosts, want) => {
    expect(isOwnHost(name, hosts)).toBe(want)
  })

  it('answers to nobody who calls it by another name', async () => {
    const bindings = { ...env, LOGGIA_EMBEDDED: '127.0.0.1', LOGGIA_FRONT: 'proof' }
    const ask = async (host: string, proof: string) => {
      const headers = { 'X-Loggia-Front': proof }
      return (await app.request(`http://${host}:8787/api/health`, { headers }, bindings)).status
    }
    expect(await ask('localhost', 'proof')).toBe(200)
    expect(await ask('rebound.example', 'proof')).toBe(403)
    expect(await ask('localhost', 'guess')).toBe(403)
  })
})

describe('an answer over HTTPS', () => {
  it('asks for HTTPS from then on, but not on a machine of one’s own', async () => {
    const ask = async (url: string, more: object = {}) =>
      (await app.request(url, {}, { ...env, ...more })).headers.get('Strict-Transport-Security')
    expect(await ask('https://loggia.example/api/health')).toBe('max-age=31536000')
    expect(await ask('http://loggia.example/api/health')).toBeNull()
    expect(await ask('https://localhost/api/health', { LOGGIA_EMBEDDED: '127.0.0.1' })).toBeNull()
  })
})
