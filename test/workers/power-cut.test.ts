import { abortAllDurableObjects, env, reset, runInDurableObject } from 'cloudflare:test'
import { beforeEach, expect, it } from 'vitest'
import type { Manifest } from '#lib/schema/manifest.ts'
import type { Checked } from '#lib/schema/status.ts'
import { bufferOf } from '../../workers/access/reach.ts'
import { partKey } from '../../workers/store/keys.ts'
import { PartReader } from '../../workers/store/parquet.ts'
import { get, post, records, ringUntil, settle, tokenFor } from './reach.ts'

let token: string

beforeEach(async () => {
  await reset()
  // Objects take it from the environment when they start.
  Object.assign(env, { LOGGIA_EMBEDDED: '' })
  token = await tokenFor('example')
})

const send = (count: number, from: number) => post(token, JSON.stringify(records(count, from)))
const manifest = async () => (await (await get('/api/sites/example/manifest')).json()) as Manifest
const fsck = async () => (await (await get('/api/sites/example/fsck')).json()) as Checked

/** Paths of all hits, read over the routes. */
async function paths(): Promise<string[]> {
  const all: string[] = []
  for (const { id } of (await manifest()).parts) {
    const response = await get(`/api/sites/example/parts/${id}`)
    expect(response.status).toBe(200)
    const values = await PartReader.of(new Uint8Array(await response.arrayBuffer())).values('path', 0)
    all.push(...(values as string[]))
  }
  return all.sort()
}

/** The runtime ends with what the disk had not written, and another one starts. */
async function cutPower(lost: string[]): Promise<void> {
  await runInDurableObject(bufferOf(env, 'example'), (_, { storage }) => {
    storage.sql.exec(`update state set value = 'before' where name = 'boot'`)
  })
  await abortAllDurableObjects()
  for (const key of lost) await env.PARTS.delete(key)
}

const keys = async () => (await env.PARTS.list({ prefix: 'site=example/' })).objects.map(({ key }) => key)

it('makes a part again whose object a power cut took', async () => {
  await send(20, 0)
  await settle('example')
  const before = await paths()
  await cutPower(await keys())
  expect((await fsck()).findings).toMatchObject([{ kind: 'missing' }])
  await ringUntil('example', async () => {
    expect(await fsck()).toMatchObject({ rows: 20, findings: [], mended: { parts: 1 } })
  })
  expect(await paths()).toEqual(before)
})

it('brings back the parents of a merged part, and makes again the one that is gone too', async () => {
  for (const from of [0, 20]) {
    await send(20, from)
    await settle('example')
  }
  await ringUntil('example', async () => {
    expect((await manifest()).parts).toHaveLength(1)
  })
  const before = await paths()
  const [child] = (await manifest()).parts
  const parent = (await keys()).find((key) => !key.includes(child!.id))!
  await cutPower([parent, partKey('example', child!)])
  await ringUntil('example', async () => {
    expect(await fsck()).toMatchObject({ rows: 40, findings: [], mended: { parts: 2 } })
  })
  expect(await paths()).toEqual(before)
  // A device that holds the child must not take them for what it has.
  for (const { revision } of (await manifest()).parts) expect(revision).toBeGreaterThan(child!.revision)
})
