import { expect, it } from 'vitest'
import { flush } from '../../workers/store/flush.ts'
import { glance } from '../../workers/store/glance.ts'
import { append } from '../../workers/store/log.ts'
import { readManifest } from '../../workers/store/manifest.ts'
import { batch, enrich, hit } from './hits.ts'
import { noon, surroundings } from './memory.ts'
import { askParts } from './native.ts'

const day = 86_400_000
const hour = 3_600_000

async function filled() {
  const surrounded = surroundings(noon)
  for (const days of [3, 1, 0]) {
    const from = noon - days * day - 11 * hour
    const hits = Array.from({ length: 400 }, (_, i) => ({
      ...hit(i, from + i * 3 * 60_000),
      request_id: `id ${days} ${i}`
    }))
    append(surrounded.storage, batch(hits))
    await flush(surrounded.around, enrich)
  }
  return surrounded
}

// Five hours ahead of UTC: the parts of two UTC days hold its day.
const today = noon - 17 * hour
const days = { yesterday: today - day, until: today - day + 17 * hour, today, tomorrow: today + day }

it('a glance counts what the hits of these days say', async () => {
  const { around, bucket } = await filled()
  const { parts } = readManifest(around.storage, 'example')
  const bytes = [...bucket.objects]
    .filter(([key]) => parts.some(({ id }) => key.includes(id)))
    .map(([, { bytes }]) => bytes)
  const at = (ms: number) => `make_timestamp(${ms * 1000})`
  const visitors = (from: number, to: number) =>
    `count(distinct visitor) filter (not is_bot and time >= ${at(from)} and time < ${at(to)})::int`
  const [wanted] = await askParts(
    bytes,
    `select ${visitors(days.today, days.tomorrow)} as visitors, ${visitors(days.yesterday, days.until)} as before,
     count(*) filter (status >= 500 and time >= ${at(days.today)} and time < ${at(days.tomorrow)})::int as errors
     from parts`
  )
  const { today, before, days: byDay } = await glance(around, days)
  expect({ ...today, before }).toEqual(wanted)
  expect(today!.visitors).toBeGreaterThan(0)
  expect(byDay.reduce((sum, { hits }) => sum + hits, 0)).toBe(1_200)
  expect(byDay.map(({ day }) => day)).toEqual([...new Set(parts.map(({ day }) => day))])
})

it('a glance reads no days that have too many hits, and still tells hits by day', async () => {
  const { around } = await filled()
  expect(await glance(around, days, 100)).toMatchObject({
    today: null,
    before: null,
    days: expect.anything()
  })
})
