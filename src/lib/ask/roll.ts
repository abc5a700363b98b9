import { statementsOf } from '#lib/engine/connection.ts'
import { classes } from '#lib/verdict/classes.ts'
import type { Period } from '#lib/time/period.ts'
import address from './address.sql?raw'
import { countSql } from './counted.ts'
import latency from './latency.sql?raw'
import type { Measure } from './measure.ts'

/** What the device keeps of days that are over, beside their hits, so that measures need not be counted again. */
export interface RollUps {
  /** Differs if the statements differ: roll-ups of other statements are made again. */
  name: string
  /** Creates the tables. Each is called `rolled_…` and has a column `time`. */
  tables: string
  /** Adds the roll-ups of the hits from one midnight to another. */
  statements: (days: Period) => string[]
}

/** The statements that keep these measures of days that are over. */
export function rollUpsOf(measures: readonly Measure[]): RollUps {
  const kept = measures.filter(({ grain }) => grain)
  const tables = kept.map(tableSql).join(';\n')
  const macros = statementsOf([latency, address].join('\n'))
  const statements = (days: Period) => [...macros, ...kept.map((measure) => rollSql(measure, days))]
  return { name: nameOf([tables, ...statements({ from: 0, to: 0 })].join()), tables, statements }
}

function tableSql({ name, columns }: Measure): string {
  const listed = Object.entries(columns).map((column) => column.join(' '))
  return `CREATE TABLE rolled_${name} (time TIMESTAMP NOT NULL, class UTINYINT, ${listed.join(', ')})`
}

function rollSql(measure: Measure, { from, to }: Period): string {
  const tests = ['is_request', `time >= epoch_ms(${from})`, `time < epoch_ms(${to})`]
  const splits = measure.isOfOneClass
    ? classes.map(({ name }) => name)
    : measure.isWhole
      ? (['each', 'none'] as const)
      : (['each'] as const)
  const counted = splits.map(
    (split) => `FROM (${countSql(measure, { source: 'hits', tests, at: measure.grain!, split })})`
  )
  const columns = ['slot', 'class', ...Object.keys(measure.columns)].join(', ')
  return `INSERT INTO rolled_${measure.name} SELECT ${columns} FROM (${counted.join(' UNION ALL BY NAME ')}) ORDER BY ALL`
}

/** FNV-1a, 32 bits. */
function nameOf(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16)
}
