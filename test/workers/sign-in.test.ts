import { env, runInDurableObject } from 'cloudflare:test'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Attempts, crowd, crowded, delayAfter, mostNetworks } from '../../workers/access/attempts.ts'
import { makeSecret } from '../../cli/secret.ts'
import { hashPassword, isPassword } from '../../workers/access/password.ts'
import { directoryOf } from '../../workers/access/reach.ts'
import { forgetSessions } from '../../workers/access/sessions.ts'
import type { Storage } from '../../workers/store/storage.ts'
import { call, freshDirectory, signIn, visitor } from './signed-in.ts'

const hour = 3_600_000
const cookieIn = (headers: Headers) => headers.get('Set-Cookie')!.split(';')[0]!

freshDirectory()

describe('sessions', () => {
  beforeEach(signIn)

  it('are listed and ended one by one, or all others', async () => {
    await directoryOf(env).open('session', { agent: 'Firefox', network: '203.0.113.0' })
    await directoryOf(env).open('session')
    const { sessions } = (await call('GET', '/api/sessions')) as unknown as {
      sessions: { id: string; current: boolean; agent: string }[]
    }
    expect(sessions).toHaveLength(3)
    expect(sessions.filter(({ current }) => current)).toHaveLength(1)
    const other = sessions.find(({ agent }) => agent === 'Firefox')!
    expect(await call('DELETE', `/api/sessions/${other.id}`)).toMatchObject({ http: 200 })
    expect(await directoryOf(env).sessions()).toHaveLength(2)
    await call('DELETE', '/api/sessions')
    expect(await directoryOf(env).sessions()).toHaveLength(1)
    expect(await call('GET', '/api/sessions')).toMatchObject({ http: 200 })
  })

  it('end after 7 days without use, and after 30 in any case', async () => {
    const start = Date.now()
    for (let day = 6; day <= 24; day += 6) {
      vi.setSystemTime(start + day * 24 * hour)
      expect(await call('GET', '/api/sessions')).toMatchObject({ http: 200 })
    }
    vi.setSystemTime(start + 29 * 24 * hour)
    expect(await call('GET', '/api/sessions')).toMatchObject({ http: 200 })
    vi.setSystemTime(start + 30 * 24 * hour + 1)
    expect(await call('GET', '/api/sessions')).toMatchObject({ http: 401 })
    vi.setSystemTime(start)
    await signIn()
    vi.setSystemTime(start + 7 * 24 * hour + 1)
    expect(await call('GET', '/api/sessions')).toMatchObject({ http: 401 })
  })

  it('get another secret at sign-in, and the one before ends', async () => {
    const before = visitor.cookie
    const { headers } = await call('POST', '/api/session', { password: env.LOGGIA_PASSWORD })
    forgetSessions()
    expect(cookieIn(headers)).not.toBe(before)
    expect(await call('GET', '/api/sessions')).toMatchObject({ http: 401 })
  })
})

describe('guesses', () => {
  const guess = (password: string, ip: string) =>
    call('POST', '/api/session', { password }, {}, { 'CF-Connecting-IP': ip })

  const onStorage = <T>(look: (storage: Storage) => T) =>
    runInDurableObject(directoryOf(env), (_, { storage }) =>
      look({
        sql: <Row>(query: string, ...bindings: SqlStorageValue[]) =>
          storage.sql.exec(query, ...bindings).toArray() as Row[],
        transaction: (work) => storage.transactionSync(work)
      } as Storage)
    )
  const rows = () => onStorage(({ sql }) => sql('select key, failures from attempt order by key'))

  it('wait longer each time after five of a network, even the right one', async () => {
    vi.setSystemTime(Date.now())
    for (let i = 0; i < 5; i++) expect(await guess('wrong', `203.0.113.${i}`)).toMatchObject({ http: 401 })
    const refused = await guess(env.LOGGIA_PASSWORD!, '203.0.113.1')
    expect(refused).toMatchObject({ http: 429, error: { code: 'too_many' } })
    expect(refused.headers.get('Retry-After')).toBe('2')
    expect(refused).toMatchObject({
      error: { message: 'Too many wrong passwords from your network. Try again in 2 s.' }
    })
    vi.setSystemTime(Date.now() + 2_001)
    expect(await guess('wrong', '203.0.113.1')).toMatchObject({ http: 401 })
    expect((await guess('wrong', '203.0.113.1')).headers.get('Retry-After')).toBe('4')
    vi.setSystemTime(Date.now() + 4_001)
    expect(await guess(env.LOGGIA_PASSWORD!, '203.0.113.1')).toMatchObject({ http: 200 })
    expect(await guess('wrong', '203.0.113.1')).toMatchObject({ http: 401 })
  })

  it('of fifty from another network do not keep the owner waiting', async () => {
    for (let i = 0; i < 50; i++) await guess('wrong', '198.51.100.1')
    expect(await guess('wrong', '198.51.100.1')).toMatchObject({ http: 429 })
    expect(await guess(env.LOGGIA_PASSWORD!, '203.0.113.1')).toMatchObject({ http: 200 })
  })

  it('of a hundred networks together are slowed, and the owner elsewhere is let in at once', async () => {
    vi.setSystemTime(Date.now())
    const statuses: number[] = []
    for (let i = 0; i < 1_000; i++)
      statuses.push((await guess('wrong', `10.1.${i % 100}.${Math.floor(i / 100)}`)).http)
    // Two of each network are checked.
    expect(statuses.filter((status) => status === 401)).toHaveLength(200)
    expect(statuses.filter((status) => status === 429)).toHaveLength(800)
    expect(await guess(env.LOGGIA_PASSWORD!, '203.0.113.1')).toMatchObject({ http: 200 })
    const refused = await guess(env.LOGGIA_PASSWORD!, '10.1.7.200')
    expect(refused).toMatchObject({
      http: 429,
      error: { message: 'Too many wrong passwords from your network. Try again in 2 s.' }
    })
    vi.setSystemTime(Date.now() + 2_001)
    expect(await guess(env.LOGGIA_PASSWORD!, '10.1.7.200')).toMatchObject({ http: 200 })
    expect(await rows()).toHaveLength(99)
  })

  it('of a day from one network end in a delay in minutes', async () => {
    vi.setSystemTime(Date.now())
    for (let i = 0; i < 13; i++) {
      expect(await guess('wrong', '198.51.100.1')).toMatchObject({ http: 401 })
      vi.setSystemTime(Date.now() + delayAfter(i + 1))
    }
    expect(await guess('wrong', '198.51.100.1')).toMatchObject({ http: 401 })
    expect(await guess('wrong', '198.51.100.1')).toMatchObject({
      error: { message: 'Too many wrong passwords from your network. Try again in 15 min.' }
    })
  })

  it('are written once a second on average, and counted all the same', async () => {
    vi.setSystemTime(Date.now())
    for (let i = 0; i < 700; i++) await directoryOf(env).knock([`network ${i}`])
    expect(await rows()).toHaveLength(600)
    expect(await directoryOf(env).knock(['network 699'])).toBe(0)
    expect(await directoryOf(env).knock(['network 699'])).toBe(2_000)
  })

  it('are forgotten after a day, and beyond the networks that failed last', () =>
    onStorage((storage) => {
      const attempts = new Attempts(storage)
      const keys = () =>
        storage.sql<{ key: string }>('select key from attempt order by last').map(({ key }) => key)
      for (let i = 0; i < mostNetworks + 5; i++) attempts.knock([`network ${i}`], i * 1_000)
      expect(keys()).toHaveLength(mostNetworks)
      expect(keys()[0]).toBe('network 5')
      // Another start reads the same.
      const again = new Attempts(storage)
      expect(again.knock(['network 9999'], 10_000_000)).toBe(0)
      expect(again.knock(['network 9999'], 10_000_000)).toBe(2_000)
      again.knock(['late'], 48 * hour)
      expect(keys()).toEqual(['late'])
    }))

  it('of a table of before, without a bound, are cut to it', () =>
    onStorage((storage) => {
      storage.sql(
        `with recursive n(i) as (select 1 union all select i + 1 from n where i < 12000)
         insert into attempt select 'network ' || i, 20, i from n`
      )
      expect(new Attempts(storage).knock(['network 12000'], 12_000)).toBe(3_600_000)
      expect(storage.sql('select count(*) as count from attempt')).toEqual([{ count: mostNetworks }])
    }))

  it('delay neither a one-time link nor the one-time secret of their own network', async () => {
    const from = { 'CF-Connecting-IP': '198.51.100.1' }
    for (let i = 0; i < 50; i++) await guess('wrong', '198.51.100.1')
    expect(await guess(env.LOGGIA_PASSWORD!, '198.51.100.1')).toMatchObject({ http: 429 })
    const { secret: key } = await directoryOf(env).open('link')
    expect(await call('POST', '/api/session', { key }, {}, from)).toMatchObject({ http: 200 })
    const secret = makeSecret(1, Date.now())
    const bindings = { LOGGIA_SETUP: secret }
    expect(await call('POST', '/api/session', { secret }, bindings, from)).toMatchObject({ http: 200 })
  })

  it('count for a /24 and a /56', async () => {
    for (let i = 0; i < 5; i++) await guess('wrong', `2001:db8:1:2${i}${i}:${i}::1`)
    await guess('wrong', '2001:db8:1:300::1')
    await guess('wrong', '198.51.100.1')
    await guess('wrong', '::ffff:198.51.100.2')
    expect(await rows()).toEqual([
      { key: '198.51.100.0', failures: 2 },
      { key: '2001:db8:1:200::', failures: 5 },
      { key: '2001:db8:1:300::', failures: 1 }
    ])
  })

  it('at the same time do not share a free one', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => guess('wrong', '198.51.100.1')))
    expect(answers.filter(({ http }) => http === 401)).toHaveLength(5)
  })

  it('wait from 2 s to 15 min, and to an hour in a crowd', () => {
    const usual = [0, 4, 5, 6, 13, 14, 99].map((failures) => delayAfter(failures))
    expect(usual).toEqual([0, 0, 2e3, 4e3, 512e3, 900e3, 900e3])
    const inCrowd = [1, 2, 3, 12, 13, 99].map((failures) => delayAfter(failures, crowded))
    expect(inCrowd).toEqual([0, 2e3, 4e3, 2048e3, 3600e3, 3600e3])
  })

  it('of fifty networks are no crowd', async () => {
    vi.setSystemTime(Date.now())
    for (let i = 0; i < crowd; i++) await guess('wrong', `10.1.${i}.1`)
    for (let i = 0; i < 4; i++) expect(await guess('wrong', '10.1.1.1')).toMatchObject({ http: 401 })
    expect(await guess('wrong', '10.1.1.1')).toMatchObject({ http: 429 })
  })
})

describe('the one-time secret', () => {
  const enter = (secret: unknown, bindings: object) => call('POST', '/api/session', { secret }, bindings)

  it('signs in once where there is a password, and another one once more', async () => {
    for (let i = 0; i < 2; i++) {
      const secret = makeSecret(1, Date.now())
      const answer = await enter(secret, { LOGGIA_SETUP: secret })
      expect(answer).toMatchObject({ http: 200 })
      expect(answer.headers.get('Set-Cookie')).toMatch(/^loggia=/)
      expect(await enter(secret, { LOGGIA_SETUP: secret })).toMatchObject({
        http: 401,
        error: { code: 'setup_used' }
      })
    }
  })

  it('of two at the same time lets one in', async () => {
    const secret = makeSecret(1, Date.now())
    const both = await Promise.all([1, 2].map(() => enter(secret, { LOGGIA_SETUP: secret })))
    expect(both.map(({ http }) => http).sort()).toEqual([200, 401])
  })

  it('expires', async () => {
    const secret = makeSecret(1, Date.now())
    vi.setSystemTime(Date.now() + hour + 1_000)
    expect(await enter(secret, { LOGGIA_SETUP: secret })).toMatchObject({ http: 401 })
  })

  it.each([
    ['another secret', makeSecret(1, Date.now())],
    ['none', ''],
    ['the password', env.LOGGIA_PASSWORD]
  ])('is not %s', async (_, given) => {
    expect(await enter(given, { LOGGIA_SETUP: makeSecret(1, Date.now()) })).toMatchObject({ http: 401 })
    expect(await enter(given, { LOGGIA_SETUP: '' })).toMatchObject({ http: 401 })
  })

  it('is used up by the first run, and is not used up before it', async () => {
    const secret = makeSecret(1, Date.now())
    const bindings = { LOGGIA_PASSWORD: undefined, LOGGIA_SETUP: secret }
    expect(await enter(secret, bindings)).toMatchObject({ http: 409 })
    const chosen = { secret, password: 'a long enough password' }
    expect(await call('POST', '/api/setup', chosen, bindings)).toMatchObject({ http: 200 })
    expect(await enter(secret, bindings)).toMatchObject({ http: 401, error: { code: 'setup_used' } })
  })
})

describe('the first run', () => {
  const password = 'a long enough password'
  let secret: string
  let bindings: object

  beforeEach(() => {
    secret = `${'s'.repeat(43)}.${Math.floor(Date.now() / 1000) + 3600}`
    bindings = { LOGGIA_PASSWORD: undefined, LOGGIA_SETUP: secret }
  })

  const setUp = (sent: object) => call('POST', '/api/setup', sent, bindings)

  it('chooses the password once, signs in, and is gone', async () => {
    expect(await call('GET', '/api/setup', undefined, bindings)).toMatchObject({ http: 200 })
    const answer = await setUp({ secret, password })
    expect(answer).toMatchObject({ http: 200 })
    visitor.cookie = cookieIn(answer.headers)
    expect(await call('GET', '/api/sessions', undefined, bindings)).toMatchObject({ http: 200 })
    expect(await setUp({ secret, password })).toMatchObject({ http: 404 })
    expect(await call('GET', '/api/setup', undefined, bindings)).toMatchObject({ http: 404 })
    expect(await call('POST', '/api/session', { password }, bindings)).toMatchObject({ http: 200 })
    expect(await call('POST', '/api/session', { password: 'another' }, bindings)).toMatchObject({ http: 401 })
  })

  it('is won by one of two', async () => {
    const both = await Promise.all([setUp({ secret, password }), setUp({ secret, password })])
    expect(both.map(({ http }) => http).sort()).toEqual([200, 404])
  })

  it.each([
    ['a wrong secret', { secret: 'x', password }, 401],
    ['no secret', { password }, 401],
    ['a short password', { password: 'short' }, 400]
  ])('is not opened by %s', async (_, sent, status) => {
    expect(await setUp(sent)).toMatchObject({ http: status })
    expect(await directoryOf(env).password()).toBeNull()
  })

  it.each([
    ['its hour is over', { LOGGIA_SETUP: `${'s'.repeat(43)}.1700000000` }],
    ['there is no secret', { LOGGIA_SETUP: undefined }],
    ['the secret is empty', { LOGGIA_SETUP: '' }],
    ['a password is set', { LOGGIA_PASSWORD: 'x' }]
  ])('is not offered where %s', async (_, more) => {
    bindings = { ...bindings, ...more }
    expect(await call('GET', '/api/setup', undefined, bindings)).toMatchObject({ http: 404 })
    expect(await setUp({ secret: '', password })).toMatchObject({ http: 404 })
  })

  it('has no default password', async () => {
    for (const guess of ['', 'admin', 'loggia', 'password'])
      expect(await call('POST', '/api/session', { password: guess }, bindings)).toMatchObject({ http: 503 })
  })

  it('is followed by other passwords, and every other session ends', async () => {
    visitor.cookie = cookieIn((await setUp({ secret, password })).headers)
    await directoryOf(env).open('session')
    const change = { password, chosen: 'an even longer password' }
    const answer = await call('POST', '/api/password', change, bindings)
    expect(answer).toMatchObject({ http: 200, status: 'changed' })
    visitor.cookie = cookieIn(answer.headers)
    expect(await directoryOf(env).sessions()).toHaveLength(1)
    expect(await call('POST', '/api/session', { password }, bindings)).toMatchObject({ http: 401 })
  })
})

describe('a password', () => {
  it('is kept with the cost of its derivation, and checked by what is kept', async () => {
    const stored = await hashPassword('correct horse battery')
    expect(stored).toMatch(/^scrypt\$16384\$8\$5\$[\w-]{22}\$[\w-]{43}$/)
    expect(await isPassword('correct horse battery', stored)).toBe(true)
    expect(await isPassword('correct horse', stored)).toBe(false)
    expect(await isPassword('correct horse', null)).toBe(false)
    await expect(isPassword('x', 'scrypt$1048576$8$5$a$b')).rejects.toThrow(/not known/)
  })
})
