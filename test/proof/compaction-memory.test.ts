import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Random } from '../../src/lib/sample/random.ts'
import { flush } from '../../workers/store/flush.ts'
import { append } from '../../workers/store/log.ts'
import { toLogRows } from '../../workers/store/log-row.ts'
import { unflushed } from '../../workers/store/unflushed.ts'
import { compactApart, type Compacted } from '../store/compactor.ts'
import { surroundingsIn } from '../store/folder.ts'
import { enrich, hit } from '../store/hits.ts'

const today = Date.parse('2026-11-21T12:00:00Z')
const yesterday = Date.parse('2026-11-20T00:00:00Z')
const day = 86_400_000
const mb = 1 << 20

/** Compacts a finished day of so many rows in a process of its own, and measures what it holds. */
async function compactDay(rows: number): Promise<Compacted> {
  const folder = mkdtempSync(join(tmpdir(), 'loggia-memory-'))
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
    return await compactApart(folder, today, true)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

// `npm run bench -- compact` measures the peak, which depends on when the collector runs.
it('holds no more memory to compact a day of twice the rows', async () => {
  const small = await compactDay(120_000)
  const large = await compactDay(240_000)
  const [before, after] = [small, large].map(({ held }) => Math.round(held / mb))
  console.log(`compaction holds ${before} MB of ${small.rows} rows, ${after} MB of ${large.rows}`)
  expect(large.rows).toBe(2 * small.rows)
  expect(large.held).toBeGreaterThan(5 * mb)
  expect(large.held - small.held).toBeLessThan(12 * mb)
}, 600_000)
