import type { AlertEdit, AlertRule } from '#lib/schema/alerts.ts'

/** What changes of the rules of a site when one list takes the place of another. */
export function editsOf(before: readonly AlertRule[], after: readonly AlertRule[], at: number): AlertEdit[] {
  const [was, is] = [before, after].map((rules) => new Map(rules.map((rule) => [rule.id, rule])))
  return [...new Set([...was!.keys(), ...is!.keys()])].flatMap((id) => {
    const [old, now] = [was!.get(id) ?? null, is!.get(id) ?? null]
    if (old && now && differencesOf(old, now).length === 0) return []
    return [{ at, id, title: (now ?? old)!.title, before: old }]
  })
}

/** The names of what differs between two versions of a rule. */
export const differencesOf = (a: AlertRule, b: AlertRule): (keyof AlertRule)[] =>
  [...new Set([...Object.keys(a), ...Object.keys(b)] as (keyof AlertRule)[])].filter(
    (name) => textOf(a[name]) !== textOf(b[name])
  )

/** A rule of an earlier version lacks the switch `away`, which is off then. */
const textOf = (value: AlertRule[keyof AlertRule]) => JSON.stringify(value ?? false)
