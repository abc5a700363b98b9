import { rulings } from '#lib/state/rulings.svelte.ts'
import { rules } from '#lib/verdict/rules.ts'

/** What a rule is called; evidence of no rule is the owner's word. */
export function titleOfRule(name: string): string {
  const all: readonly { name: string; title: string }[] = [...rules, ...(rulings.value.rules ?? [])]
  return all.find((rule) => rule.name === name)?.title ?? 'You said so'
}

/** Points with their sign. */
export const signed = (points: number): string =>
  points > 0 ? `+${points}` : String(points).replace('-', '−')
