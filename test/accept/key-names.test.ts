import { describe, expect, it } from 'vitest'
import { only } from './show.ts'

const ip = '198.51.100.4'
const time = '2026-11-30T06:10:11.000Z'

describe('a server that calls the client its host', () => {
  const parts = { method: 'GET', path: '/app', protocol: 'HTTP/1.1', status: 200, timestamp: time }
  const tomcat = {
    host: ip,
    logicalUserName: '-',
    user: '-',
    time: '[30/Nov/2026:06:10:11 +0000]',
    request: 'GET /app HTTP/1.1',
    statusCode: '200',
    size: '15677'
  }

  it.each([
    ['Tomcat', tomcat, { bytes: 15677, shape: 'tomcat' }],
    [
      'Tomcat with headers',
      {
        ...tomcat,
        localServerName: 'e.org',
        elapsedTime: '12',
        requestHeaders: { 'user-agent': 'curl/8', Referer: 'https://a.example/', Accept: '*/*' }
      },
      {
        host: 'e.org',
        duration: 12,
        user_agent: 'curl/8',
        referrer: 'https://a.example/',
        extra: '{"requestHeaders":{"Accept":"*/*"}}'
      }
    ],
    ['Vector', { ...parts, host: ip, size: 12, agent: 'curl/8' }, { user_agent: 'curl/8', shape: 'vector' }],
    ['Vector, of a common line', { ...parts, host: ip, identity: 'ada' }, { extra: '{"ident":"ada"}' }]
  ])('is read: %s', (_, record, want) => {
    const hit = only(JSON.stringify(record))
    expect(hit).toMatchObject({ ip, method: 'GET', path: '/app', status: 200, time, ...want })
    expect(hit.host).toBe((want as { host?: string }).host)
    expect(hit.server).toBeUndefined()
  })

  it('keeps its host where another key names the client', () => {
    const hit = only(JSON.stringify({ ...parts, host: '203.0.113.5', client_ip: ip }))
    expect(hit).toMatchObject({ ip, host: '203.0.113.5', shape: 'generic' })
  })
})
