import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Random } from '../../src/lib/sample/random.ts'
import { flush } from '../../workers/store/flush.ts'
import { append, unflushed } from '../../workers/store/log.ts'
import { toLogRows } from '../../workers/store/log-row.ts'
import { compactApart, type Compacted } from './compactor.ts'
import { surroundingsIn } from './folder.ts'
import { enrich, hit } from './hits.ts'

const today = Date.parse('2026-11-21T12:00:00Z')
const yesterday = Date.parse('2026-11-20T00:00:00Z')
const day = 86_400_000
const mb = 1 << 20

/**
 * Compacts a finished day of so many rows: watched, and as it is, of two times the one that took less memory, because how
 * much only waits for the collector differs by some 20 MB from time to time, and by more beside other work.
 */
async function compactDay(rows: number): Promise<{ plain: Compacted; watched: Compacted }> {
  const folder = mkdtempSync(join(tmpdir(), 'loggia-memory-'))
  const copies = ['first', 'second', 'watched'].map((name) => `${folder}-${name}`)
  try {
    const { around, storage } = surroundingsIn(folder, today)
    const random = new Random(1)
    for (let start = 0; start < rows; start += 8_000) {
      const hits = Array.from({ length: Math.min(8_000, rows - start) }, (_, i) => ({
        ...hit(start + i, yesterday + Math.floor(((start + i) / rows) * day)),
        ip: `2001:db8::${random.hex(4)}`,
        path: `/articles/${random.below(20_000)}`,
        bytes: random.below(60_000),
        duration: random.below(2_000)
      }))
      append(storage, { key: null, received: today, token: null, rows: toLogRows(hits), refusals: [] })
      if (unflushed(storage).rows >= 16_000) await flush(around, enrich)
    }
    while (unflushed(storage).rows) await flush(around, enrich)
    for (const copy of copies) cpSync(folder, copy, { recursive: true })
    const [first, second, last] = copies as [string, string, string]
    const plain = [await compactApart(first, today), await compactApart(second, today)]
    const watched = await compactApart(last, today, true)
    return { plain: plain.sort((a, b) => a.peak - b.peak)[0]!, watched }
  } finally {
    for (const path of [folder, ...copies]) rmSync(path, { recursive: true, force: true })
  }
}

// Growth is looked for in what is held.
it('compacts a day of twice the rows in the same memory, within what an isolate leaves', async () => {
  const small = await compactDay(120_000)
  const large = await compactDay(240_000)
  console.log(
    [small, large]
      .map(({ plain, watched }) => {
        const [peak, held] = [plain.peak, watched.held].map((bytes) => Math.round(bytes / mb))
        return `${plain.rows} rows: ${peak} MB, of which ${held} are held, ${plain.seconds.toFixed(1)} s`
      })
      .join('; ')
  )
  expect(large.plain.rows).toBe(2 * small.plain.rows)
  expect(large.plain.peak).toBeLessThan(100 * mb)
  expect(large.watched.held).toBeGreaterThan(5 * mb)
  expect(large.watched.held - small.watched.held).toBeLessThan(12 * mb)
}, 90_000)
