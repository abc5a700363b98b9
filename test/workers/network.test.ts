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
    const ask = async (host: string) =>
      (await app.request(`http://${host}:8787/api/health`, {}, { ...env, LOGGIA_EMBEDDED: '127.0.0.1' }))
        .status
    expect([await ask('localhost'), await ask('rebound.example')]).toEqual([200, 403])
  })
})
