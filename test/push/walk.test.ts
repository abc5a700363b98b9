import { describe, expect, it } from 'vitest'
import { mostBytes } from '../../src/lib/push/cut.ts'
import { sha256 } from '../../cli/push/hash.ts'
import { Ledger } from '../../cli/push/ledger.ts'
import { Unreadable } from '../../src/lib/push/unreadable.ts'
import { keyOf, walk, type Batch, type WalkOptions } from '../../src/lib/push/walk.ts'

/** `count` lines that differ from those of another `name`. */
const lines = (name: string, count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => `${name} line ${from + i} ${'x'.repeat(2_000)}\n`).join('')

async function* chunks(text: string, size = 50_000) {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** A ledger, and what a Worker would have stored: each batch is stored once. */
class World {
  readonly ledger = Ledger.empty()
  stored = ''
  readonly keys: string[] = []

  /** Sends a log, and acknowledges all batches but those from `lost` on. */
  push(
    text: string,
    { lost = Infinity, size, ...options }: Partial<WalkOptions> & { lost?: number; size?: number } = {}
  ) {
    let sent = 0
    const send = (batch: Batch) => {
      if (!this.keys.includes(keyOf(batch))) this.stored += Buffer.from(batch.text).toString()
      this.keys.push(keyOf(batch))
      if (sent++ < lost) this.ledger.finish(batch)
      return Promise.resolve()
    }
    return walk(chunks(text, size), this.ledger, send, { createHash: sha256, ...options })
  }
}

/** A batch and a bit. */
const most = Math.ceil((1.2 * mostBytes) / lines('shop', 1).length)

describe('a log that is pushed again', () => {
  it('sends nothing, whatever pieces it is read in', async () => {
    const world = new World()
    const log = lines('shop', most)
    const first = await world.push(log)
    expect(first).toMatchObject({ bytes: log.length, known: 0 })
    const { end } = first
    expect(await world.push(log, { size: 777_777 })).toMatchObject({
      bytes: log.length,
      known: log.length,
      end
    })
    expect(world.keys).toHaveLength(2)
    expect(world.keys[1]).toContain(end.slice(0, 32))
    expect(world.stored).toBe(log)
  })

  it('sends only what it has grown by', async () => {
    const world = new World()
    for (const count of [1, 10, 11, most, most + 1, 2 * most]) await world.push(lines('shop', count))
    expect(world.stored).toBe(lines('shop', 2 * most))
  })

  it('sends what was not acknowledged in the same batches, although it has grown', async () => {
    const world = new World()
    await world.push(lines('shop', most), { lost: 1 })
    const keys = world.keys.slice(1)
    await world.push(lines('shop', 2 * most))
    expect(world.keys.slice(2, 3)).toEqual(keys)
    expect(world.stored).toBe(lines('shop', 2 * most))
  })

  it('has the same keys where nothing is known of it', async () => {
    const [first, second] = [new World(), new World()]
    await first.push(lines('shop', most))
    await second.push(lines('shop', most))
    expect(second.keys).toEqual(first.keys)
  })

  it('is sent once more when that is asked for', async () => {
    const world = new World()
    await world.push(lines('shop', 10))
    await world.push(lines('shop', 10), { isAgain: true })
    expect(world.keys).toHaveLength(2)
    expect(world.keys[1]).toBe(world.keys[0])
  })

  it('leaves out its end where a longer copy was sent', async () => {
    const world = new World()
    await world.push(lines('shop', most))
    expect(await world.push(lines('shop', most - 5))).toMatchObject({ isShorter: true })
    expect(world.stored).toBe(lines('shop', most))
  })
})

describe('two logs', () => {
  it('that begin with the same line are both sent whole', async () => {
    const world = new World()
    const [first, second] = [lines('a', 1) + lines('b', most), lines('a', 1) + lines('c', 10)]
    await world.push(first)
    await world.push(second)
    await world.push(first)
    expect(world.stored).toBe(first + second)
  })

  it('that differ only behind their first batch are both sent whole', async () => {
    const world = new World()
    const start = lines('a', most)
    await world.push(start + lines('b', most))
    await world.push(start + lines('c', most))
    expect(world.stored.endsWith(lines('c', most))).toBe(true)
    expect(world.stored.startsWith(start + lines('b', most))).toBe(true)
  })
})

describe('a walk', () => {
  it('gives each batch the fields of the log', async () => {
    const batches: Batch[] = []
    const log = `#Fields: time c-ip\n${lines('iis', most)}`
    await walk(chunks(log), Ledger.empty(), (batch) => Promise.resolve(void batches.push(batch)), {
      createHash: sha256
    })
    expect(batches.map(({ header }) => header.fields)).toEqual(['', '#Fields: time c-ip\n'])
  })

  it('leaves the last line of a growing log until it is complete', async () => {
    const world = new World()
    expect(await world.push('one\ntwo', { isGrowing: true })).toMatchObject({ left: 3 })
    await world.push('one\ntwo and\nthree\n', { isGrowing: true })
    expect(world.stored).toBe('one\ntwo and\nthree\n')
  })

  it('keeps what stood before a damage, and tells it', async () => {
    const world = new World()
    async function* damaged() {
      yield Buffer.from('one\ntwo\nthr')
      throw new Error('unexpected end of file')
    }
    const { damage } = await walk(
      damaged(),
      world.ledger,
      (batch) => {
        world.stored += Buffer.from(batch.text).toString()
        return Promise.resolve()
      },
      { createHash: sha256 }
    )
    expect(damage?.message).toBe('unexpected end of file')
    expect(world.stored).toBe('one\ntwo\n')
  })

  it('refuses a JSON array that is longer than a batch, and sends nothing', async () => {
    const world = new World()
    const array = JSON.stringify(
      Array.from({ length: 60_000 }, (_, i) => ({ path: `/${'x'.repeat(80)}${i}` }))
    )
    await expect(world.push(array)).rejects.toThrow(Unreadable)
    expect(world.keys).toEqual([])
  })

  it('finds what it followed again', async () => {
    const world = new World()
    async function* followed() {
      for (let i = 0; i < 100; i++) {
        yield Buffer.from(lines('shop', 1, i))
        yield null
      }
    }
    const send = (batch: Batch) => Promise.resolve(void world.ledger.finish(batch))
    await walk(followed(), world.ledger, send, { createHash: sha256 })
    const { known } = await world.push(lines('shop', 150))
    expect(known).toBe(lines('shop', 100).length)
    expect(world.stored).toBe(lines('shop', 50, 100))
  })
})
