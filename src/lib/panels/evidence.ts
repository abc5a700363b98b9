import { rules } from '#lib/verdict/rules.ts'

const titles = new Map<string, string>(rules.map(({ name, title }) => [name, title]))

/** What a rule is called; evidence of no rule is the owner's word. */
export const titleOfRule = (name: string): string => titles.get(name) ?? 'You said so'

/** Points with their sign. */
export const signed = (points: number): string =>
  points > 0 ? `+${points}` : String(points).replace('-', '−')
