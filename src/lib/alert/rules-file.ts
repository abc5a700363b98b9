import { readAlertRules, type AlertRule } from '#lib/schema/alerts.ts'
import { readConfig } from './config-file.ts'

/** Rules as a file that `readRulesFile` reads. */
export const writeRulesFile = (rules: readonly AlertRule[]): string => `${JSON.stringify(rules, null, 2)}\n`

/** More bytes than 50 rules at their longest. */
const largest = 8_000_000

/** The text of a file of rules. Throws an error if it is none. */
export function textOfRules(bytes: Uint8Array): string {
  if (bytes.length > largest)
    throw new Error(`it has ${bytes.length} bytes: a file of rules has at most ${largest}`)
  let text = '\0'
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // Said below.
  }
  if (text.includes('\0')) throw new Error('it is not text in UTF-8: save it as UTF-8')
  return text
}

/** Whether a text is meant as JSON: a config.cfg begins with a comment, a name or [Section]. */
export const isMeantAsJson = (text: string): boolean => /^\s*(?:[{"]|\[(?!\s*[a-z][^\]\n]*\]))/i.test(text)

/** The rules of a JSON file of ours, or of a `config.cfg` of HttpLogMonitor. Throws an error that says what is wrong with it. */
export function readRulesFile(text: string): readonly AlertRule[] {
  const rules = isMeantAsJson(text) ? readJson(text) : readSections(text)
  if (!rules.length) throw new Error('it holds no rules')
  return rules
}

function readSections(text: string): readonly AlertRule[] {
  if (!text.trim()) throw new Error('it is empty')
  if (/^\s*\[[^\]\n]+\]/m.test(text)) return readConfig(text).rules
  throw new Error(
    'it is neither a JSON list of rules, as Export rules writes it, nor a config.cfg with [Alerts]'
  )
}

function readJson(text: string): readonly AlertRule[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Error(`it begins as JSON, and is none: ${(cause as Error).message}`, { cause })
  }
  if (!Array.isArray(value))
    throw new Error('it is JSON, and no list of rules as Export rules writes it: wanted is [{"id": …}, …]')
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
