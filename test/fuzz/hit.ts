import assert from 'node:assert/strict'
import { accept } from '#lib/accept/accept.ts'
import { columns, type AcceptedHit } from '#lib/schema/hit.ts'
import { isSiteName } from '#lib/schema/site-name.ts'

export const received = Date.parse('2026-11-22T08:00:00Z')
export const context = { received, token: 'token-1' }

const accepted = columns.filter(({ from }) => from === 'accept')
const longest: Record<string, number> = {
  path: 8192,
  query: 8192,
  referrer: 8192,
  user_agent: 2048,
  extra: 2048,
  message: 2048
}

/** Holds a hit to what its columns can store and its parts can show. */
export function checkHit(hit: AcceptedHit): void {
  assert.deepEqual(
    Object.keys(hit),
    accepted.map(({ name }) => name)
  )
  for (const column of accepted) {
    const value = hit[column.name as keyof AcceptedHit] as string | number | null
    if (value === null) assert(!('required' in column), `${column.name} is missing`)
    else if (column.type === 'VARCHAR') checkText(column.name, value)
    else checkNumber(column.name, column.type, value)
  }
  if (hit.extra !== null) assert.equal(typeof JSON.parse(hit.extra), 'object')
  assert.match(new Date(hit.time).toISOString(), /^\d{4}-/, `time ${hit.time} has no four-digit year`)
}

function checkText(name: string, value: unknown): void {
  assert(typeof value === 'string', `${name} is ${typeof value}`)
  assert(value.isWellFormed(), `${name} holds half a pair`)
  assert(!value.includes('\0'), `${name} holds NUL`)
  assert(value !== '', `${name} is empty`)
  assert(value.length <= (longest[name] ?? 4096), `${name} has ${value.length} characters`)
}

function checkNumber(name: string, type: string, value: unknown): void {
  assert(typeof value === 'number' && Number.isFinite(value), `${name} is ${String(value)}`)
  if (type !== 'DOUBLE') assert(Number.isSafeInteger(value), `${name} is ${value}`)
  if (type === 'SMALLINT') assert(Math.abs(value) < 32_768, `${name} is ${value}`)
}

/** Holds a batch to what the store relies on: each record counted once, refusals bounded, hits that fit. */
export function checkBatch(body: Uint8Array): void {
  const { received: count, hits, indices, refusals, more } = accept(body, context)
  const places = [...[...indices.values()].flat(), ...refusals.map(({ index }) => index)].sort(
    (a, b) => a - b
  )
  assert(places.every((place, i) => place < count && place !== places[i - 1]))
  const unlisted = Object.values(more).reduce((sum, records) => sum + records, 0)
  assert.equal(places.length + unlisted, count)
  for (const [service, own] of hits) {
    assert(service === null || isSiteName(service), `service ${service}`)
    own.forEach(checkHit)
  }
  for (const { raw, sample, reason } of refusals) {
    assert(raw.length <= 4096 && sample.length <= 256)
    assert(reason !== 'internal', `a record fails by itself: ${sample}`)
  }
}
