import { readAlertRules, type AlertRule } from '#lib/schema/alerts.ts'
import { readConfig } from './config-file.ts'

/** Rules as a file that `readRulesFile` reads. */
export const writeRulesFile = (rules: readonly AlertRule[]): string => `${JSON.stringify(rules, null, 2)}\n`

/** The rules of a JSON file of ours, or of a `config.cfg` of HttpLogMonitor. Throws an error that says what is wrong with it. */
export function readRulesFile(text: string): readonly AlertRule[] {
  if (!/^\s*\[\s*[{\]]/.test(text)) return readConfig(text).rules
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Error(`this is no JSON: ${(cause as Error).message}`, { cause })
  }
  const rules = readAlertRules(value)
  if (typeof rules === 'string') throw new Error(rules)
  return rules
}

/** Rules with those of a file: what has an id that is known takes its place. */
export function joined(rules: readonly AlertRule[], others: readonly AlertRule[]): AlertRule[] {
  const byId = new Map(others.map((rule) => [rule.id, rule]))
  const kept = rules.map((rule) => byId.get(rule.id) ?? rule)
  const known = new Set(rules.map(({ id }) => id))
  return [...kept, ...others.filter(({ id }) => !known.has(id))]
}
