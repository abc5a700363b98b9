import { describe, expect, test } from 'vitest'
import { blankHit } from '../../src/lib/accept/fields.ts'
import { matcherOf, type Seen } from '../../src/lib/alert/matches.ts'
import { createEnricher } from '../../src/lib/enrich/enrich.ts'

const enrich = createEnricher({ site: '', country: null, network: null, salt: () => new Uint8Array(32) })
const source = { received: 0, token: null, time: undefined, server: null, service: undefined }

/** A request on Monday at 13:05. */
const request: Partial<Seen> = {
  time: Date.UTC(2026, 10, 30, 13, 5),
  method: 'GET',
  path: '/Log-In/now',
  status: 404,
  bytes: 1_000,
  ip: '2001:db8::7',
  referrer: 'https://www.google.com/',
  user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0',
  extra: '{"pool":"blue","a":{"b":1},"a.c":"x"}'
}

function passes(clause: string, other: Partial<Seen> = {}, isStored = false): boolean {
  const hit = { ...blankHit(source, 'test'), ...request, ...other }
  return matcherOf([clause], { wall: (instant) => instant, isStored })({ ...hit, ...enrich(hit), ...other })
}

describe('a request passes', () => {
  test.each([
    'is,status,404',
    'is,status,200,0404',
    'not,status,200',
    'gt,status,403',
    'lt,status,405',
    'ge,status,404',
    'le,status,404',
    'is,path,/Log-In/now',
    'has,path,log-in',
    'hasnt,path,logout',
    're,path,(?i)login|log-in',
    're,path,^/Log',
    'nre,path,^/out',
    'cidr,ip,2001:db8::/32',
    'cidr,ip,10.0.0.0/8,2001:db8::7',
    'ncidr,ip,10.0.0.0/8',
    'set,ip',
    'unset,remote_user',
    'is,remote_user,\\0',
    'not,remote_user,ann',
    'hasnt,remote_user,ann',
    'nre,remote_user,ann',
    'gt,bytes,999',
    'is,browser,Firefox',
    'is,is_bot,false',
    'is,referrer_domain,google.com',
    'is,weekday,1',
    'gt,hour,12',
    'is,extra.pool,blue',
    'is,extra.a.b,1',
    'is,extra.a.c,x',
    '~is,status,200'
  ])('%s', (clause) => expect(passes(clause)).toBe(true))
})

describe('a request does not pass', () => {
  test.each([
    'is,status,200',
    'not,status,404,\\0',
    'gt,status,404',
    'lt,status,404',
    'ge,status,405',
    'le,status,403',
    'ge,duration,0',
    'is,path,/log-in/now',
    'hasnt,path,LOG',
    're,path,login',
    'cidr,ip,2001:db9::/32',
    'ncidr,ip,2001:db8::/32',
    'unset,ip',
    'has,remote_user,ann',
    'gt,duration,0',
    'lt,duration,10',
    'not,remote_user,\\0',
    'is,extra.none,blue'
  ])('%s', (clause) => expect(passes(clause)).toBe(false))
})

test('addresses are compared as numbers', () => {
  expect(passes('cidr,ip,10.0.0.0/9', { ip: '10.127.3.4' })).toBe(true)
  expect(passes('cidr,ip,10.0.0.0/9', { ip: '10.128.3.4' })).toBe(false)
  expect(passes('cidr,ip,::/0', { ip: '10.128.3.4' })).toBe(false)
  expect(passes('cidr,ip,2001:db8::/32', { ip: null })).toBe(false)
  expect(passes('ncidr,ip,2001:db8::/32', { ip: null })).toBe(true)
  expect(passes('cidr,ip,::/1', { ip: '::1' })).toBe(true)
  expect(passes('cidr,ip,2001::/16', { ip: '2001:1:2:3:4:5:6:7' })).toBe(true)
})

test('a purpose is one of several', () => {
  const user_agent = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'
  expect(passes('is,bot_purpose,ai_training', { user_agent })).toBe(true)
  expect(passes('not,bot_purpose,ai_training', { user_agent })).toBe(false)
})

test('a site knows more of its hits than a log', () => {
  expect(passes('is,country,NL', { country: 'NL' }, true)).toBe(true)
  expect(passes('is,country,NL', {}, true)).toBe(false)
  expect(passes('is,token,abc', { token: 'abc' }, true)).toBe(true)
  expect(passes('is,token,abc', { token: 'abd' }, true)).toBe(false)
  expect(passes('is,visitor,18446744073709551615', { visitor: 2n ** 64n - 1n }, true)).toBe(true)
})

describe('why a filter cannot be evaluated is told', () => {
  test.each([
    ['is,country,NL', 'country is looked up by a site, and no log holds it'],
    ['is,verdict,person', 'verdict is known to a site alone'],
    ['is,entry_page,/', 'entry_page is of a visit, which only a site knows'],
    ['@is,path,/', '@is,path,/ is about visits, which only a site knows'],
    ['is,visitor,7', 'is,visitor,7 names a visitor by a number of the site'],
    ['is,color,red', 'is,color,red is no filter'],
    ['is,status,many', 'many is not a number'],
    ['gt,path,1', 'path is not a number'],
    ['re,path,(', '( is no regular expression'],
    ['cidr,ip,here', 'here is not a network']
  ])('%s', (clause, why) => expect(() => passes(clause)).toThrow(why))
})
