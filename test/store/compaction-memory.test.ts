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

const extra = ({ idle, peak }: Compacted) => peak - idle

/**
 * What compacting a finished day of so many rows takes: of two times the one that took less memory, because how much
 * only waits for the collector differs by some 10 MB from time to time, and by more beside other work.
 */
async function compactDay(rows: number): Promise<Compacted> {
  const folder = mkdtempSync(join(tmpdir(), 'loggia-memory-'))
  const again = `${folder}-again`
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
    cpSync(folder, again, { recursive: true })
    const first = await compactApart(folder, today)
    const second = await compactApart(again, today)
    return extra(first) < extra(second) ? first : second
  } finally {
    rmSync(folder, { recursive: true })
    rmSync(again, { recursive: true, force: true })
  }
}

it('compacts a day of twice the rows in the same memory, within what an isolate leaves', async () => {
  const small = await compactDay(120_000)
  const large = await compactDay(240_000)
  console.log(
    [small, large]
      .map((it) => `${it.rows} rows: ${Math.round(extra(it) / mb)} MB, ${it.seconds.toFixed(1)} s`)
      .join('; ')
  )
  expect(large.rows).toBe(2 * small.rows)
  expect(extra(large)).toBeLessThan(100 * mb)
  expect(extra(large) - extra(small)).toBeLessThan(24 * mb)
}, 90_000)
