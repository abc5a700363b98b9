import { describe, expect, it } from 'vitest'
import { flush } from '../../workers/store/flush.ts'
import { fsck } from '../../workers/store/fsck.ts'
import { append } from '../../workers/store/log.ts'
import { writeState } from '../../workers/store/state.ts'
import { expire } from '../../workers/store/retention.ts'
import { batch, enrich, hit } from './hits.ts'
import { noon, surroundings } from './memory.ts'

const day = 86_400_000

async function filled() {
  const surrounded = surroundings(noon)
  for (const days of [2, 1, 0]) {
    const hits = Array.from({ length: 50 }, (_, i) => hit(i, noon - days * day + i))
    append(surrounded.storage, batch(hits))
    if (days) await flush(surrounded.around, enrich)
  }
  return surrounded
}

type Surrounded = Awaited<ReturnType<typeof filled>>

const kinds = async ({ around }: Surrounded, repair = false) =>
  (await fsck(around, repair)).findings.map(({ kind }) => kind)

describe('fsck', () => {
  it('finds nothing where all is well', async () => {
    const surrounded = await filled()
    expect(await fsck(surrounded.around, false)).toEqual({
      version: 2,
      parts: 2,
      rows: 100,
      unflushed: 50,
      findings: [],
      repaired: 0,
      mended: null
    })
    writeState(surrounded.storage, 'retention_days', 1)
    expire(surrounded.around)
    expect(await kinds(surrounded)).toEqual([])
  })

  it.each([
    [
      'a missing object',
      ['missing'],
      ({ bucket }: Surrounded) => bucket.objects.delete([...bucket.objects.keys()][0]!)
    ],
    [
      'a short object',
      ['damaged'],
      ({ bucket }: Surrounded) => ([...bucket.objects.values()][0]!.bytes = new Uint8Array(9))
    ],
    [
      'another hash',
      ['damaged'],
      ({ bucket }: Surrounded) => ([...bucket.objects.values()][0]!.sha256 = 'other')
    ],
    [
      'a lost part',
      ['rows', 'gap'],
      ({ storage }: Surrounded) => storage.sql(`delete from part where day = '2026-11-19'`)
    ],
    ['a lost row of the log', ['rows'], ({ storage }: Surrounded) => storage.sql('delete from log')],
    [
      'a part that is live beside its child',
      ['rows', 'overlap'],
      ({ storage, bucket }: Surrounded) => {
        const key = [...bucket.objects.keys()][0]!
        const twin = key.replace(/[^/]{16}\.parquet/, 'twintwintwintwin.parquet')
        bucket.objects.set(twin, bucket.objects.get(key)!)
        storage.sql(
          `insert into part select 'twintwintwintwin', state, since, step, day, ranges, revision, rows, bytes, sha256,
             min_time, max_time, deleted, unsynced, child from part where day = '2026-11-19'`
        )
      }
    ]
  ])('finds %s and does not touch it', async (_, wanted, harm) => {
    const surrounded = await filled()
    harm(surrounded)
    expect(await kinds(surrounded, true)).toEqual(wanted)
    expect(await kinds(surrounded)).toEqual(wanted)
  })

  it('deletes orphans and what is long dead, when asked to', async () => {
    const surrounded = await filled()
    const { around, storage, bucket, clock } = surrounded
    await bucket.put('site=example/year=2026/month=11/day=19/orphanorphanorph.parquet', new Uint8Array(3), '')
    writeState(storage, 'retention_days', 1)
    expire(around)
    expect(await kinds(surrounded)).toEqual([])
    clock.now += 2 * day
    expect(await kinds(surrounded)).toEqual(['orphan', 'garbage'])
    expect(await fsck(around, true)).toMatchObject({ repaired: 2 })
    expect([await kinds(surrounded), bucket.objects.size]).toEqual([[], 1])
  })
})
