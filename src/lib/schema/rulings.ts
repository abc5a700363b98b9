/** The columns that an owner tells visitors by; an address also by its network. */
export const decidedFields = ['ip', 'asn', 'user_agent', 'visitor'] as const
export const decidedClasses = ['people', 'bots', 'suspicious'] as const

/** The owner's word on some visitors, against all rules. */
export interface Decision {
  readonly field: (typeof decidedFields)[number]
  /** `cidr` for addresses of a network, such as 203.0.113.0/24. */
  readonly operator: 'is' | 'cidr'
  readonly value: string
  readonly class: (typeof decidedClasses)[number]
  /** When it was said, in milliseconds. */
  readonly at: number
}

/** How the owner of a site wants its visitors judged. */
export interface Rulings {
  /** Points of rules, where they are others than usual; a rule of no points is off. */
  readonly weights: Readonly<Record<string, number>>
  readonly decisions: readonly Decision[]
}

export const noRulings: Rulings = { weights: {}, decisions: [] }

const mostDecisions = 500
const longestValue = 512
const mostPoints = 1_000

/** Whether a value has the form of rulings. */
export function isRulings(value: unknown): value is Rulings {
  if (!isRecord(value) || !isRecord(value.weights) || !Array.isArray(value.decisions)) return false
  return (
    Object.entries(value.weights).every(([name, points]) => /^\w{1,40}$/.test(name) && isPoints(points)) &&
    value.decisions.length <= mostDecisions &&
    value.decisions.every(isDecision)
  )
}

function isDecision(value: unknown): value is Decision {
  if (!isRecord(value) || typeof value.value !== 'string' || !Number.isSafeInteger(value.at)) return false
  return (
    value.value.length > 0 &&
    value.value.length <= longestValue &&
    (decidedFields as readonly unknown[]).includes(value.field) &&
    (decidedClasses as readonly unknown[]).includes(value.class) &&
    (value.operator === 'is' || (value.operator === 'cidr' && value.field === 'ip'))
  )
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isPoints = (value: unknown) => Number.isInteger(value) && Math.abs(value as number) <= mostPoints
