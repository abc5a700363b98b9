import { sizeOf } from './progress.ts'
import type { Report } from './sending.ts'
import { describeFormats } from './tally.ts'

/** Whether a log gave nothing to send. */
export function isNothingNew({ walked, tally }: Report): boolean {
  if (typeof walked === 'string') return true
  return walked.bytes > 0 && walked.known === walked.bytes && tally.records === 0 && !walked.damage
}

/** What became of a log, in a line or a few. */
export function describe(report: Report, isDry: boolean): string {
  const { source, tally, walked, refused } = report
  const { name, twin } = source
  if (walked === 'missing') return `${name}: there is no such file`
  const pending = typeof walked !== 'string' && walked.left > 0 && !walked.damage
  const isOpen = pending ? ['  Its last line has no end yet: push it again in a minute'] : []
  if (typeof walked === 'string' || isNothingNew(report))
    return [`${name}: nothing new`, ...isOpen].join('\n')
  if (walked.isOther) return `${name}: left out, since ${twin} has the same day and was sent`
  if (walked.bytes + walked.left === 0 && !walked.damage) return `${name}: empty`
  const before = walked.known > 0 ? `, ${sizeOf(walked.known)} sent before` : ''
  const lines = [`${name}: ${tally.describe()}${before}`]
  if (isDry) lines.push(...describeFormats(tally))
  for (const message of tally.reasons.values()) lines.push(`  refused: ${message}`)
  if (refused) lines.push(`  The refused lines are in ${refused}`)
  else if (tally.rejected > 0 && !isDry) lines.push('  The refused records are under Status')
  if (walked.isShorter) lines.push('  A longer copy of it was sent before, so its last part is left out')
  lines.push(...isOpen)
  if (walked.damage)
    lines.push(
      `  It is damaged after ${sizeOf(walked.bytes)} of text: ${walked.damage.message}. That text was sent`
    )
  return lines.join('\n')
}
