import { rules } from '../../src/lib/verdict/rules.ts'

/** For tests of something else: a visitor is a bot if its agent says so, and a person otherwise. */
export const declared = rules
  .filter(({ name }) => name === 'declared')
  .map((rule) => ({ ...rule, test: 'is_bot' }))
