import { expect, test } from 'vitest'
import { fillStar } from '../../bench/verdicts/star.ts'
import { toObjects } from '../../src/lib/engine/connection.ts'
import { classes } from '../../src/lib/verdict/classes.ts'
import { cases } from '../fixtures/verdicts/cases.ts'

const verdictOf = { people: 'person', bots: 'bot', suspicious: 'suspicious' } as const

test.each(cases)('$name', async ({ name, hits, verdict }) => {
  const connection = await fillStar({ name, lines: hits, labelOf: (_, line) => (line === 0 ? 0 : null) })
  const answer = await connection.run(
    `SELECT class, (SELECT string_agg(rule, ', ') FROM evidence WHERE evidence.visitor = visitors.visitor) AS rules
     FROM labelled JOIN visitors USING (hash) JOIN verdicts USING (visitor)`
  )
  await connection.close()
  const [judged] = toObjects<{ class: number; rules: string | null }>(answer)
  expect(verdictOf[classes[judged!.class]!.name], judged!.rules ?? 'no evidence').toBe(verdict)
})
