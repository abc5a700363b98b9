import { expect, it } from 'vitest'
import { applyPrivacy, keptHost, maskAddresses } from '#lib/accept/privacy.ts'
import { acceptText, hitsOf } from './show.ts'

const whole = { path: '/', status: 200, date: '2026-01-15T10:11:12Z' }

it.each([
  [{ user_id: 'ada', zone: 'a' }, '{"zone":"a"}'],
  [{ app: { user: { name: 'ada' }, method: 'ldap' } }, '{"app":{"method":"ldap"}}'],
  [{ proxy_user_name: 'ada' }, null],
  [{ login: 'ada', 'enduser.id': 'ada' }, null],
  [{ server_region: 'eu', user_kind: 'guest' }, '{"server_region":"eu","user_kind":"guest"}']
])('a site that drops users keeps no user of %j', (fields, want) => {
  const [hit] = hitsOf(acceptText(JSON.stringify({ ...whole, remote_user: 'ada', ...fields })))
  const kept = hit!.extra
  applyPrivacy(hit!, { ip_mode: 'full', keeps_remote_user: true })
  expect([hit!.remote_user, hit!.extra]).toEqual(['ada', kept])
  applyPrivacy(hit!, { ip_mode: 'full', keeps_remote_user: false })
  expect([hit!.remote_user, hit!.extra]).toEqual([null, want])
})

it('a site that drops users keeps no ident', () => {
  const line = '203.0.113.7 ada-id ada [15/Jan/2026:10:11:12 +0000] "GET / HTTP/1.1" 200 12'
  const [hit] = hitsOf(acceptText(line))
  expect(hit!.extra).toBe('{"ident":"ada-id"}')
  applyPrivacy(hit!, { ip_mode: 'full', keeps_remote_user: false })
  expect([hit!.remote_user, hit!.extra]).toEqual([null, null])
})

it.each([
  ['from 2001:db8::7: at 10:11:12.', 'from REDACTED: at 10:11:12.', 'from 2001:db8::: at 10:11:12.'],
  [
    'client:203.0.113.7, mac aa:bb:cc:dd:ee:ff',
    'client:REDACTED, mac aa:bb:cc:dd:ee:ff',
    'client:203.0.113.0, mac aa:bb:cc:dd:ee:ff'
  ],
  ['2001:db8::78::g', 'REDACTEDg', 'REDACTEDg'],
  ['2001:db8::7::1.2001:db8::8.', 'REDACTED', 'REDACTED'],
  ['1:2:3:4:5:6:7:8:9', 'REDACTED', 'REDACTED'],
  ['0:0:0:0:0:ffff:203.0.113.7:80', 'REDACTED', 'REDACTED'],
  ['from 2001:db8::7:54321, 10:11:12', 'from REDACTED, 10:11:12', 'from REDACTED, 10:11:12'],
  [':2001:db8::7 ::1', ':REDACTED REDACTED', ':2001:db8:: ::']
])('addresses of %j are masked, glued ones too', (text, none, truncated) => {
  expect([maskAddresses(text, 'none'), maskAddresses(text, 'truncated')]).toEqual([none, truncated])
})

const line = '198.51.100.4 id bob [15/Jan/2026:10:11:12 +0000] "GET /bobby?x=bob HTTP/1.1" 200 12'

it.each([
  [line, '198.51.100.4 - - [15/Jan/2026:10:11:12 +0000] "GET /bobby?x=REDACTED HTTP/1.1" 200 12'],
  ['user=eve login: "ada" done', 'user=REDACTED login: "REDACTED" done'],
  ['bob signed in', 'REDACTED signed in'],
  ['nothing to hide', 'nothing to hide']
])('a site that drops users keeps none in the message %j', (message, want) => {
  const [hit] = hitsOf(acceptText(JSON.stringify({ ...whole, remote_user: 'bob' })))
  hit!.message = message
  applyPrivacy(hit!, { ip_mode: 'full', keeps_remote_user: true })
  expect(hit!.message).toBe(message)
  applyPrivacy(hit!, { ip_mode: 'full', keeps_remote_user: false })
  expect(hit!.message).toBe(want)
})

it.each([
  ['203.0.113.7', '203.0.113.0', null],
  ['[2001:db8:1:2::7]', '2001:db8:1::', null],
  ['2001:db8:1:2::7', '2001:db8:1::', null],
  ['web1', 'web1', 'web1'],
  ['shop.example.org', 'shop.example.org', 'shop.example.org'],
  [null, null, null]
])('the server and the host %s are kept as addresses are', (name, truncated, none) => {
  const keptAs = (ip_mode: 'full' | 'truncated' | 'none') => {
    const [hit] = hitsOf(acceptText(JSON.stringify({ ...whole, host: name, hostname: name })))
    applyPrivacy(hit!, { ip_mode, keeps_remote_user: true })
    return [hit!.server, keptHost(hit!.host, hit!.flags)]
  }
  expect([keptAs('full'), keptAs('truncated'), keptAs('none')]).toEqual([
    [name, name],
    [truncated, truncated],
    [none, none]
  ])
})
