import { fill } from '#lib/engine/fill.ts'
import { statementsOf } from '#lib/engine/connection.ts'
import { seqsPerPosition, type ColumnName } from '#lib/schema/hit.ts'
import type { Part } from '#lib/schema/manifest.ts'
import type { OwnRule } from '#lib/schema/rulings.ts'
import { fieldOf } from '#lib/star/star.ts'
import { ancient, hosting, impossible } from './agents.ts'
import { placeOf, type ClassName } from './classes.ts'
import conduct from './conduct.sql?raw'
import { countsOfSigns, hitSql } from './hit.ts'
import { classOf, type KindName } from './kinds.ts'
import named from './named.sql?raw'
import posing from './posing.sql?raw'
import { enough, type Rule } from './rules.ts'
import seen from './seen.sql?raw'
import summoned from './summoned.sql?raw'
import surroundings from './surroundings.sql?raw'
import verdicts from './verdicts.sql?raw'

/** What the owner has said of the visitors that pass a test: SQL over the columns of `seen.sql`. */
export interface Decided {
  readonly class: ClassName
  readonly test: string
}

/** By what visitors are judged. */
export interface Judgement {
  readonly rules: readonly Rule[]
  /** The owner's rules, whose evidence is in the table `own_evidence`. */
  readonly own: readonly Pick<OwnRule, 'name' | 'for'>[]
  /** The later ones hold against the earlier ones. */
  readonly decided: readonly Decided[]
}

/** Whose visitors are judged: those of whole UTC days, or those who are among the hits of parts. */
export interface Docket {
  days: readonly string[]
  parts?: readonly Pick<Part, 'day' | 'ranges'>[]
}

const day = 86_400_000
const fields = Object.fromEntries(
  (
    [
      'path',
      'method',
      'referrer',
      'referrer_kind',
      'user_agent',
      'bot_purpose',
      'bot_proof',
      'as_org',
      'asn',
      'ip'
    ] satisfies ColumnName[]
  ).map((name) => [name, String(fieldOf(name))])
)

/** A part of the visitors to judge: all together could take more memory than there is. */
export interface Share {
  readonly at: number
  readonly of: number
}

/** The statement that makes the table `summoned` of the visitors to judge. */
export const summonSql = ({ days, parts }: Docket): string =>
  fill(summoned, {
    of_days: ofDays(days),
    came: parts ? `(${parts.map(isOfPart).join(' OR ')})` : ofDays(days)
  })

/** Asks how many hits the visitors in `summoned` have. */
export const countSummonedSql = ({ days }: Docket): string =>
  `SELECT count(*)::DOUBLE AS hits FROM hits SEMI JOIN summoned USING (visitor) WHERE ${ofDays(days)}`

/** The statement that adds the columns to `seen` that the owner's words and rules may ask for, and no rule of Loggia. */
export const namedSql: string = fill(named, fields)

/** The statements that make the tables `judged` and `seen`: a share of the visitors in `summoned`, and what they did. */
export function seenSql(
  { hasAssets, isCrowded, isSpammed }: Surroundings,
  { days }: Docket,
  { at, of }: Share
): string[] {
  const fillings = {
    ...fields,
    of_days: ofDays(days),
    hit: hitSql(
      `(FROM hits SEMI JOIN judged ON judged.visitor = hits.visitor WHERE is_request AND ${ofDays(days)})`,
      false
    ),
    signs: countsOfSigns,
    ancient,
    hosting,
    impossible: impossible.replaceAll("'", "''"),
    has_assets: String(hasAssets),
    is_crowded: String(isCrowded),
    is_spammed: String(isSpammed)
  }
  return [
    `CREATE OR REPLACE TEMP TABLE judged AS SELECT visitor FROM summoned WHERE side % ${of} = ${at}`,
    ...[conduct, posing, seen].flatMap((sql) => statementsOf(fill(sql, fillings)))
  ]
}

/** The statements that judge the visitors in `seen` by rules, tell their hits the class, and drop `seen`. */
export function verdictsSql({ rules, own, decided }: Judgement, { days }: Docket): string[] {
  const evidence = [...rules.map(evidenceSql), ...decided.map(decidedSql)]
  if (own.length) evidence.push('FROM own_evidence')
  const fillings = {
    ...Object.fromEntries(
      (['people', 'bots', 'suspicious'] satisfies ClassName[]).map((name) => [name, String(placeOf(name))])
    ),
    of_days: ofDays(days),
    enough: String(enough),
    evidence: evidence.join('\nUNION ALL '),
    rules: [...rules, ...own, ...owners]
      .map(({ name, for: kind }) => `('${name}', '${kind}', ${placeOf(classOf(kind as KindName))})`)
      .join(', '),
    decided: `'${owner}'`
  }
  return statementsOf(fill(verdicts, fillings))
}

/** Differs if visitors are judged otherwise: the working copy stores its verdicts. */
export const judgeVersion = (rules: readonly Rule[]): string => {
  const docket = { days: ['1970-01-01'] }
  return [
    summonSql(docket),
    ...seenSql(alone, docket, { at: 0, of: 1 }),
    namedSql,
    ...verdictsSql({ rules, own: [], decided: [] }, docket)
  ].join('\n')
}

const evidenceSql = ({ name, weight, test, hits }: Rule) =>
  `SELECT visitor, '${name}', ${weight}, (${hits})::INTEGER FROM seen WHERE ${test}`

/** Evidence that is the owner's word is of the rules `owner_people`, `owner_bots` and `owner_suspicious`. */
export const owner = 'owner_'
const owners: Pick<Rule, 'name' | 'for'>[] = [
  { name: `${owner}people`, for: 'person' },
  { name: `${owner}bots`, for: 'detected' },
  { name: `${owner}suspicious`, for: 'scanner' }
]
/** More than all rules together. */
const ownersPoints = 10_000

const decidedSql = ({ class: name, test }: Decided, i: number) =>
  `SELECT visitor, '${owner}${name}', ${name === 'people' ? '-' : ''}${ownersPoints + i}, hits::INTEGER FROM seen WHERE ${test}`

const isOfDay = (name: string) => {
  const from = Date.parse(name)
  return `(time >= epoch_ms(${from}) AND time < epoch_ms(${from + day}))`
}

const ofDays = (days: readonly string[]) => `(${days.map(isOfDay).join(' OR ')})`

const isOfPart = ({ day, ranges }: Pick<Part, 'day' | 'ranges'>) =>
  `(${isOfDay(day)} AND (${ranges
    .map(({ from, to }) => `(seq >= ${from * seqsPerPosition} AND seq < ${to * seqsPerPosition})`)
    .join(' OR ')}))`

/** What the other visitors of the site tell of one. */
export interface Surroundings {
  /** Whether the log has the parts of pages: two visitors loaded some. */
  hasAssets: boolean
  /** Whether more visitors look for weaknesses than load pages with their parts. */
  isCrowded: boolean
  /** Whether most visitors that give no name of a bot come from pages of the site that they did not open. */
  isSpammed: boolean
}

export const alone: Surroundings = { hasAssets: false, isCrowded: false, isSpammed: false }

/** Asks for the surroundings; those of before hold until they are clearly others, as every change judges all again. */
export const surroundingsSql = ({ isCrowded, isSpammed }: Surroundings): string =>
  fill(surroundings, {
    margin: isCrowded ? '0.5' : '1',
    spammed: isSpammed ? '0.25' : '0.5'
  })
