import { expect, test } from 'vitest'
import { Desk } from '../../cli/monitor/desk.ts'
import { Sieve } from '../../cli/monitor/sieve.ts'
import { traffic } from '../../src/lib/alert/presets.ts'

const start = Date.UTC(2026, 10, 30, 12)

/** A desk with one rule, and what it tells: seconds since `start`. */
function desk(threshold: number, window: number, delay = 2) {
  const told: string[] = []
  const warned: string[] = []
  const made = new Desk({
    rules: [traffic('high', 'High', threshold, window)],
    interval: 0,
    wall: (instant) => instant,
    isStored: false,
    zone: 0,
    delay,
    tell: (events) => told.push(...events.map(({ is, second }) => `${is} ${second - start / 1_000}`)),
    warn: (text) => warned.push(text)
  })
  return { desk: made, told, warned }
}

const iso = (second: number) => new Date(start + second * 1_000).toISOString().slice(0, 19)
const lines = (second: number, count = 1) =>
  new TextEncoder().encode(
    `{"time_iso8601":"${iso(second)}+00:00","remote_addr":"1.2.3.4","request_uri":"/","status":"200"}\n`.repeat(
      count
    )
  )
const at = (second: number) => start + second * 1_000

test('an alert is over when its window is quiet, though no line comes', () => {
  const { desk: live, told } = desk(3, 3)
  live.goLive(at(0))
  live.take(lines(0, 10), at(0))
  for (let now = 1; now < 3; now++) live.tick(at(now))
  expect(told).toEqual([])
  for (let now = 3; now < 6; now++) live.tick(at(now))
  expect(told).toEqual(['fired 0'])
  live.tick(at(6))
  expect(told).toEqual(['fired 0', 'recovered 3'])
})

test('lines up to an hour late change their seconds, once; later ones are counted as such', () => {
  const { desk: live, told } = desk(3, 1)
  live.goLive(at(0))
  for (const now of [10, 3_000]) live.tick(at(now))
  live.take(lines(5, 3), at(3_000))
  live.tick(at(3_001))
  live.tick(at(3_002))
  expect(told).toEqual(['fired 5', 'recovered 6'])
  live.tick(at(3_700))
  live.take(lines(6, 3), at(3_700))
  live.tick(at(3_701))
  expect(told).toHaveLength(2)
  expect(live.session!.counts).toMatchObject({ requests: 3, tooLate: 3 })
})

test('lines that are ahead of the clock do not run ahead of it', () => {
  const { desk: live, told } = desk(3, 1)
  live.goLive(at(0))
  live.take(lines(86_400 * 365, 3), at(1))
  live.take(lines(60, 3), at(1))
  live.tick(at(10))
  expect(told).toEqual([])
  live.tick(at(70))
  expect(told).toEqual(['fired 60', 'recovered 61'])
  expect(live.left.ahead).toBe(3)
  live.end(at(70))
  expect(live.session!.reached).toBe(start / 1_000 + 67)
})

test('the seconds between the last line of a log and now are quiet ones', () => {
  const { desk: live, told } = desk(3, 3)
  live.take(lines(0, 10), at(600))
  expect(told).toEqual([])
  live.goLive(at(600))
  expect(told).toEqual(['fired 0', 'recovered 3'])
})

test('a W3C log is read by what stands further up', () => {
  const { desk: live } = desk(3, 3)
  const encode = (text: string) => new TextEncoder().encode(text)
  live.readHeader(encode('#Fields: date time cs-uri-stem sc-status c-ip\n'))
  live.goLive(at(0))
  live.take(encode('2026-11-30 12:00:00 /a 200 1.2.3.4\n'), at(1))
  live.take(encode('2026-11-30 12:00:01 /a 200 1.2.3.4\n'), at(2))
  expect(live.session!.counts.requests).toBe(2)
  expect(live.left.wrong).toBe(0)
})

test('of many wrong lines one a second is told, and the number of the others', () => {
  const { desk: live, warned } = desk(3, 3)
  live.goLive(at(0))
  const wrong = new TextEncoder().encode('wrong\n')
  for (let ms = 0; ms <= 1_500; ms += 100) live.take(wrong, at(0) + ms)
  live.tick(at(1) + 900)
  live.tick(at(3))
  expect(warned).toEqual([
    'Wrong log format for wrong',
    'Wrong log format for wrong, and 9 more lines',
    'Wrong log format for 5 more lines'
  ])
})

test('a sieve lets a log go on after a quiet time, and leaves out what is dated ahead of its neighbors', () => {
  const sieved = (seconds: number[]) => {
    const sieve = new Sieve<{ second: number }>(10)
    const passed = [...seconds.flatMap((second) => sieve.take({ second })), ...sieve.end()]
    return [passed.map(({ second }) => second), sieve.ahead]
  }
  expect(sieved([1, 2, 100, 101, 102])).toEqual([[1, 2, 100, 101, 102], 0])
  expect(sieved([1, 100, 2, 3, 4, 5, 6])).toEqual([[1, 2, 3, 4, 5, 6], 1])
  expect(sieved([100, 1, 2, 3, 4, 5, 6])).toEqual([[1, 2, 3, 4, 5, 6], 1])
  expect(sieved([1, 100, 200, 300, 400, 500, 600])).toEqual([[1, 100, 200, 300, 400, 500, 600], 0])
  expect(sieved([1, 2, 3, 4, 5, 16, 10, 11])).toEqual([[1, 2, 3, 4, 5, 10, 16, 11], 0])
})
