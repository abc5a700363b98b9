import { describe, expect, it } from 'vitest'
import { describe as report } from '../../cli/fsck.ts'
import type { Finding } from '../../src/lib/schema/status.ts'

const checked = {
  site: 'shop',
  version: 28,
  parts: 1,
  rows: 60_255,
  unflushed: 1_200,
  repaired: 0,
  mended: null
}
const orphans = Array.from({ length: 23 }, (_, i): Finding => ({
  kind: 'orphan',
  message: `no part knows object ${i}`
}))

describe('the report of a check', () => {
  it('is a line where all is well', () => {
    expect(report({ ...checked, findings: [] })).toBe(
      'shop: 60,255 hits in 1 part, 1,200 in the log, version 28: all is as it should be'
    )
  })

  it('tells findings kind by kind, and not thousands', () => {
    const lost: Finding = { kind: 'missing', message: 'object x is not in the bucket' }
    const lines = report({ ...checked, findings: [...orphans, lost] }).split('\n')
    expect(lines[0]).toMatch(/: 24 findings$/)
    expect(lines.slice(19)).toEqual([
      '  orphan: no part knows object 18',
      '  orphan: no part knows object 19',
      '  orphan: and 3 more',
      '  missing: object x is not in the bucket',
      '  --repair deletes what nobody needs'
    ])
  })

  it('tells what was deleted', () => {
    const lines = report({ ...checked, findings: orphans.slice(0, 1), repaired: 1 }).split('\n')
    expect(lines.at(-1)).toBe('  deleted 1 object')
  })
})
