import { statementsOf } from '#lib/engine/connection.ts'
import { fill } from '#lib/engine/fill.ts'
import type { Period } from '#lib/time/period.ts'
import address from './address.sql?raw'
import { classOf } from './class-of.ts'
import { countSql, hitsOf } from './counted.ts'
import forgetTexts from './forget-texts.sql?raw'
import latency from './latency.sql?raw'
import type { Measure } from './measure.ts'
import rollTexts from './roll-texts.sql?raw'
import type { RollUps } from './rolled.ts'

/** What is kept of days that are over, so that these measures need not be counted again. */
export function rollUpsOf(measures: readonly Measure[]): RollUps {
  const kept = measures.filter(({ grain }) => grain)
  const tables = kept.map(tableSql).join(';\n')
  const statements = (days: Period) => [
    ...statementsOf([latency, address].join('\n')),
    ...kept.flatMap((measure) => rollSql(measure, days))
  ]
  return {
    name: nameOf([tables, ...statements({ from: 0, to: 0 })].join()),
    tables,
    statements,
    forget: kept.filter(isOfTexts).map((measure) => fill(forgetTexts, gapsOf(measure)))
  }
}

const isOfTexts = ({ texts }: Measure) => texts !== undefined

const tableSql = (measure: Measure) => {
  const columns = Object.entries(measure.columns).map(([name, type]) =>
    name === 'value' && isOfTexts(measure) ? 'value INTEGER' : `${name} ${type}`
  )
  return `CREATE TABLE rolled_${measure.name} (time TIMESTAMP NOT NULL, class UTINYINT, ${columns.join(', ')})`
}

/** Statements that add the roll-ups of days. */
function rollSql(measure: Measure, { from, to }: Period): string[] {
  const tests = ['is_request', `time >= epoch_ms(${from})`, `time < epoch_ms(${to})`]
  const classes = measure.isWhole ? [classOf, 'NULL::UTINYINT'] : [classOf]
  const counted = classes
    .map((classSql) => `FROM (${countSql(measure, hitsOf('hits', classSql, tests), measure.grain!)})`)
    .join(' UNION ALL ')
  if (isOfTexts(measure)) return statementsOf(fill(rollTexts, { ...gapsOf(measure), counted }))
  return [`INSERT INTO rolled_${measure.name} SELECT ${columnsOf(measure)} FROM (${counted}) ORDER BY ALL`]
}

const columnsOf = ({ columns }: Measure) => ['slot', 'class', ...Object.keys(columns)].join(', ')

const gapsOf = (measure: Measure) => ({
  measure: measure.name,
  columns: columnsOf(measure).replace('value', 'coalesce(id, 0)'),
  texts: String(measure.texts)
})

/** FNV-1a, 32 bits. */
function nameOf(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16)
}
