import { describe, expect, it } from 'vitest'
import { append } from '../../workers/store/log.ts'
import { forgetSalts, nextForgetting, useSalts } from '../../workers/store/salts.ts'
import { nextWork, work } from '../../workers/store/work.ts'
import { batch, enrichment, hit } from './hits.ts'
import { noon, surroundings } from './memory.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

type Surrounded = ReturnType<typeof surroundings>

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))
const watch = { isWatched: false, pace: { flushed: -Infinity }, tell() {} }
const send = ({ storage, clock }: Surrounded, time = clock.now) =>
  append(storage, batch([hit(1, time)], { received: clock.now }))
const saltsOf = ({ storage }: Surrounded) =>
  storage.sql<{ day: string; used: number }>('select day, used from salt order by day')

/** Rings the alarm as often as it is due until `end`. */
async function live(surrounded: Surrounded, end: number) {
  const { around, storage, clock } = surrounded
  const enrich = async (days: string[]) => {
    useSalts(storage, days, clock.now, random)
    return enrichment
  }
  for (;;) {
    const next = Math.max(nextWork(around, watch), clock.now)
    if (next > end) break
    clock.now = next
    await work(around, enrich, watch)
  }
  clock.now = end
}

describe('the salt of a day', () => {
  it('is gone 48 h after its last use, although nothing comes any more', async () => {
    const surrounded = surroundings(noon)
    send(surrounded)
    await live(surrounded, noon + 47 * hour)
    const { used } = saltsOf(surrounded)[0]!
    await live(surrounded, used + 2 * day - 1)
    expect(saltsOf(surrounded)).toHaveLength(1)
    await live(surrounded, used + 2 * day)
    expect(saltsOf(surrounded)).toEqual([])
  })

  it('is gone from a site whose log is never empty', () => {
    const surrounded = surroundings(noon)
    const { storage, clock } = surrounded
    useSalts(storage, ['2026-11-21'], noon, random)
    clock.now = noon + 2 * day - minute
    send(surrounded)
    forgetSalts(storage, noon + 2 * day - 1)
    expect(saltsOf(surrounded)).toHaveLength(1)
    expect(nextForgetting(storage, clock.now)).toBe(noon + 2 * day)
    forgetSalts(storage, noon + 2 * day)
    expect(saltsOf(surrounded)).toEqual([])
  })

  it('lives on by late hits of its day, and comes new after its end', async () => {
    const surrounded = surroundings(noon)
    const { storage, clock } = surrounded
    send(surrounded)
    await live(surrounded, noon + day)
    send(surrounded, noon)
    await live(surrounded, noon + 2.5 * day)
    expect(saltsOf(surrounded).map((salt) => salt.day)).toEqual(['2026-11-21'])
    const before = storage.sql<{ salt: Uint8Array }>('select salt from salt')[0]!.salt
    await live(surrounded, noon + 4 * day)
    expect(saltsOf(surrounded)).toEqual([])
    send(surrounded, noon)
    await live(surrounded, clock.now + hour)
    expect(storage.sql<{ salt: Uint8Array }>('select salt from salt')[0]!.salt).not.toEqual(before)
  })

  it.each([
    ['right', noon + minute],
    ['five days ahead', noon + 5 * day]
  ])('stays while hits wait for a bucket that is away, received when the clock was %s', (_, received) => {
    const { storage } = surroundings(noon)
    useSalts(storage, ['2026-11-21'], noon, random)
    append(storage, batch([hit(1, noon)], { received }))
    expect(nextForgetting(storage, noon + hour)).toBeNull()
    forgetSalts(storage, noon + 3 * day)
    expect(storage.sql('select 1 from salt')).toHaveLength(1)
  })
})
