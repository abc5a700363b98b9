import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createEnricher } from '#lib/enrich/enrich.ts'
import { needs, shared } from '../needs.ts'
import { acceptText, hitsOf } from './show.ts'

interface Report {
  id: string
  kind: string
  body: string
  /** Columns and what they hold; the other names are those of `checks`. */
  expect: Record<string, unknown>
}

const enrich = createEnricher({
  site: 'example',
  country: null,
  network: null,
  salt: () => new Uint8Array(32)
})

/** What a report expects besides columns, by its name there. */
const special = new Set(['refused', 'extra_lacks', 'raw_starts'])

needs('shared')('lines from public reports', () => {
  const reports = readFileSync(`${shared}data/field-reports.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Report)

  it.each(reports.map((report) => [report.id, report.kind, report] as const))('%s %s', (_, __, report) => {
    const accepted = acceptText(report.body)
    const columns = Object.entries(report.expect).filter(([name]) => !special.has(name))
    const hits = hitsOf(accepted).map((hit) => ({ ...hit, ...enrich(hit) }) as Record<string, unknown>)
    for (const hit of hits) {
      hit.time = new Date(hit.time as number).toISOString()
      for (const [name, want] of columns) expect([name, hit[name]]).toEqual([name, want])
    }
    const { refused = 0, extra_lacks: absent = [], raw_starts: start = '' } = report.expect
    if (start === '') expect(accepted.refusals).toHaveLength(refused as number)
    if (columns.length > 0) expect(hits).not.toEqual([])
    for (const text of absent as string[]) for (const hit of hits) expect(hit.extra ?? '').not.toContain(text)
    for (const { raw } of accepted.refusals) expect(raw.startsWith(start as string)).toBe(true)
  })
})
