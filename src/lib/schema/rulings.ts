import { readDomain } from './domain.ts'

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

/** A rule that an owner has written. */
export interface OwnRule {
  /** `own_` and letters or digits. */
  readonly name: string
  readonly title: string
  readonly sentence: string
  /** The name of a kind of verdict. */
  readonly for: string
  readonly weight: number
  /** A condition in SQL. Each device checks it: the server knows no SQL. */
  readonly test: string
}

/** How the owner of a site wants its visitors judged. */
export interface Rulings {
  /** Points of rules, where they are others than usual; a rule of no points is off. */
  readonly weights: Readonly<Record<string, number>>
  readonly decisions: readonly Decision[]
  /** Missing in the rulings of earlier versions. */
  readonly rules?: readonly OwnRule[]
  /** Domains of the site itself, each with its subdomains. They are no sources of visits. Missing in earlier versions. */
  readonly own_domains?: readonly string[]
}

export const noRulings: Rulings = { weights: {}, decisions: [] }

/** The most characters of a site's robots.txt. */
export const longestRobots = 32_768

/** The most paths that an owner may mark as harmless. */
const mostHarmless = 200

/** Whether a value is a list of paths, within its bounds. */
export const isPathList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.length <= mostHarmless &&
  value.every((path) => typeof path === 'string' && path.length <= longestPath)

const mostDecisions = 500
export const mostOwnDomains = 50
const longestValue = 512
const longestPath = 2_048
const mostPoints = 1_000
export const mostRules = 50
/** The most characters of each text of a rule. */
export const longest = { title: 80, sentence: 300, test: 1_000 }

/** Whether a value has the form of rulings. */
export function isRulings(value: unknown): value is Rulings {
  if (!isRecord(value) || !isRecord(value.weights) || !Array.isArray(value.decisions)) return false
  return (
    Object.entries(value.weights).every(([name, points]) => /^\w{1,40}$/.test(name) && isPoints(points)) &&
    value.decisions.length <= mostDecisions &&
    value.decisions.every(isDecision) &&
    (value.rules === undefined || isRuleList(value.rules)) &&
    (value.own_domains === undefined || isDomainList(value.own_domains))
  )
}

const isDomainList = (value: unknown) =>
  Array.isArray(value) &&
  value.length <= mostOwnDomains &&
  value.every((domain) => typeof domain === 'string' && readDomain(domain) === domain)

const isRuleList = (value: unknown) =>
  Array.isArray(value) &&
  value.length <= mostRules &&
  value.every(isOwnRule) &&
  new Set(value.map(({ name }) => name)).size === value.length

function isOwnRule(value: unknown): value is OwnRule {
  if (!isRecord(value)) return false
  return (
    /^own_\w{1,30}$/.test(String(value.name)) &&
    /^[a-z]{1,20}$/.test(String(value.for)) &&
    Number.isInteger(value.weight) &&
    isPoints(value.weight) &&
    value.weight !== 0 &&
    (['title', 'sentence', 'test'] as const).every((name) => isText(value[name], longest[name])) &&
    value.title !== '' &&
    value.test !== ''
  )
}

const isText = (value: unknown, most: number) => typeof value === 'string' && value.length <= most

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
