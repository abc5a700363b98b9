import { env } from 'cloudflare:test'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { bufferOf, directoryOf } from '../../workers/access/reach.ts'
import { eachOf } from '../../workers/ingest/each-of.ts'
import { post, record, tokenFor } from './reach.ts'
import { call, freshDirectory, signIn } from './signed-in.ts'

freshDirectory()

const batch = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, i) => JSON.stringify(record(i, { service: `${prefix}-${i}` }))).join('\n')

interface Told {
  accepted: number
  rejected: number
  errors: { reason: string; message: string }[]
}

async function send(body: string, query = ''): Promise<Told> {
  const answer = await post(await tokenFor('*'), body, {}, query)
  expect(answer.status).toBe(200)
  return answer.json()
}

const sites = () => directoryOf(env).sites()
const quarantined = () => bufferOf(env, '*').quarantine(200)

describe('new sites that only records name', () => {
  it('are twenty of a batch, and the rest of it goes on', async () => {
    await send(batch(1, 'old'))
    const answer = await send(`${batch(30, 'new')}\n${batch(1, 'old')}`)
    expect(answer).toMatchObject({ accepted: 21, rejected: 10 })
    expect(answer.errors[0]).toMatchObject({ reason: 'new_site' })
    expect(answer.errors[0]!.message).toMatch(/site new-20 .* 20 new sites a batch .* under Settings/)
    expect(await sites()).toHaveLength(21)
    expect(await quarantined()).toHaveLength(10)
  })

  it('are not even looked for where a batch names more than 10,000', async () => {
    const name = (count: number) =>
      Array.from({ length: count }, (_, i) => `{"path":"/","status":200,"service":"many-${i}"}`).join('\n')
    expect(await send(name(10_000), '?dry_run=1')).toMatchObject({ rejected: 9_980 })
    const answer = await post(await tokenFor('*'), name(10_001))
    expect(answer.status).toBe(413)
    expect(await answer.json()).toMatchObject({ error: { code: 'too_many_services', max_services: 10_000 } })
    expect(await sites()).toEqual([])
  })

  it('are so many a minute', async () => {
    vi.setSystemTime(Date.now())
    await directoryOf(env).changeLimits({ new_sites_per_minute: 3 })
    expect(await send(batch(2, 'early'))).toMatchObject({ rejected: 0 })
    const answer = await send(batch(2, 'late'))
    expect(answer).toMatchObject({ accepted: 1, rejected: 1 })
    expect(answer.errors[0]!.message).toContain('3 new sites a minute')
    vi.setSystemTime(Date.now() + 60_001)
    expect(await send(batch(3, 'late'))).toMatchObject({ rejected: 0 })
  })

  it('are so many in all, of which deleted ones are none', async () => {
    await directoryOf(env).changeLimits({ most_sites: 2 })
    const answer = await send(batch(3, 'all'))
    expect(answer).toMatchObject({ accepted: 2, rejected: 1 })
    expect(answer.errors[0]!.message).toContain('there are 2 sites already')
    await directoryOf(env).changeSettings('all-0', { state: 'deleted' })
    expect(await send(batch(1, 'other'))).toMatchObject({ accepted: 1 })
  })

  it('are none where only known sites are taken', async () => {
    await tokenFor('has-token')
    await directoryOf(env).changeSettings('set-up', {})
    await directoryOf(env).changeLimits({ only_known_sites: true })
    const named = ['has-token', 'set-up', 'unknown'].map((service) => JSON.stringify(record(1, { service })))
    expect(await send(named.join('\n'))).toMatchObject({ accepted: 2, rejected: 1 })
    expect(await send(JSON.stringify(record(2)), '?site=asked-for')).toMatchObject({ accepted: 1 })
  })

  it('are refused in a dry run as in earnest, which registers none', async () => {
    expect(await send(batch(22, 'dry'), '?dry_run=1')).toMatchObject({ status: 'dry_run', rejected: 2 })
    expect(await sites()).toEqual([])
    expect(await quarantined()).toEqual([])
  })

  it('are counted together when batches come at the same time', async () => {
    await directoryOf(env).changeLimits({ new_sites_per_minute: 5 })
    await Promise.all(['a', 'b', 'c', 'd'].map((prefix) => send(batch(2, prefix))))
    expect(await sites()).toHaveLength(5)
  })
})

describe('records of a site that was not let in', () => {
  beforeEach(signIn)
  const again = (ids: number[], site?: string) =>
    call('POST', '/api/sites/*/quarantine/again', { ids, site }) as unknown as Promise<{
      records: { outcome: string }[]
    }>

  it('are let in later, or given another site', async () => {
    await directoryOf(env).changeLimits({ only_known_sites: true })
    await send(batch(2, 'later'))
    const [second, first] = await quarantined()
    expect((await again([first!.id])).records[0]!.outcome).toBe('refused')
    expect((await again([second!.id], 'given')).records[0]!.outcome).toBe('accepted')
    await directoryOf(env).changeLimits({ only_known_sites: false })
    expect((await again([first!.id])).records[0]!.outcome).toBe('accepted')
    expect(await sites()).toEqual(['given', 'later-0'])
    expect(await quarantined()).toEqual([])
  })
})

describe('the settings of the installation', () => {
  it('are read and changed by who is signed in', async () => {
    expect(await call('GET', '/api/settings')).toMatchObject({ http: 401 })
    await signIn()
    const before = await call('GET', '/api/settings')
    expect(before).toMatchObject({ only_known_sites: false, new_sites_per_batch: 20, most_sites: 1_000 })
    const changes = { only_known_sites: true, most_sites: 5 }
    expect(await call('PUT', '/api/settings', changes)).toMatchObject({ http: 200, ...changes })
    expect(await call('GET', '/api/settings')).toMatchObject({ ...changes, new_sites_per_minute: 60 })
  })

  it.each([
    { most_sites: -1 },
    { most_sites: 1.5 },
    { most_sites: '5' },
    { only_known_sites: 1 },
    { other: 1 }
  ])('are never %o', async (changes) => {
    await signIn()
    expect(await call('PUT', '/api/settings', changes)).toMatchObject({ http: 400 })
  })
})

describe('what is done for each', () => {
  it('is in order, so many at a time, to the end though one fails', async () => {
    let [busy, most, done] = [0, 0, 0]
    const work = async (item: number) => {
      most = Math.max(most, ++busy)
      await new Promise((next) => setTimeout(next))
      busy--
      done++
      if (item === 3) throw new Error('three')
      return item * 2
    }
    expect(await eachOf([1, 2, 4, 5], 2, work)).toEqual([2, 4, 8, 10])
    await expect(eachOf([1, 3, 4, 5, 6], 2, work)).rejects.toThrow('three')
    expect([most, done]).toEqual([2, 9])
  })
})
